export * from './llm-gateway-crds';
