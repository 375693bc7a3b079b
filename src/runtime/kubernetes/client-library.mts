// What is used of the library, and so bundled.
export { KubeConfig, ListWatch, Watch } from '@kubernetes/client-node';
