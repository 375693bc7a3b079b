// What is used of the libraries, and so bundled; loaded with the first backend that needs it.
export { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
export { NodeHttpHandler } from '@smithy/node-http-handler';
export { externalDataInterceptor, parseKnownFiles } from '@smithy/shared-ini-file-loader';
