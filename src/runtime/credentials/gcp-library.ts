// What is used of the library, and so bundled; loaded with the first backend that needs it.
export { gcpMetadata, GoogleAuth } from 'google-auth-library';
