/* eslint-disable @typescript-eslint/no-require-imports */
// A cloud's library is loaded with the first backend that needs it: together they would double the time that `llmgw` takes to start.

export const awsLibrary = () => require('./aws-library') as typeof import('./aws-library');
export const azureLibrary = () => require('./azure-library') as typeof import('./azure-library');
export const gcpLibrary = () => require('./gcp-library') as typeof import('./gcp-library');
