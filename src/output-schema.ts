/** The dialect that a provider speaks. */
export enum OutputSchema {
  /** OpenAI's API, and every server that imitates it (vLLM, KServe, Ollama, ...). */
  OPENAI = 'OpenAI',
  /** Azure OpenAI, with deployments and an api-version. */
  AZURE_OPENAI = 'AzureOpenAI',
  /** Anthropic's Messages API. */
  ANTHROPIC = 'Anthropic',
  /** Amazon Bedrock's Converse API. */
  AWS_BEDROCK = 'AWSBedrock',
  /** Anthropic's Messages API on Amazon Bedrock. */
  AWS_ANTHROPIC = 'AWSAnthropic',
  /** Gemini on Google Vertex AI. */
  GCP_VERTEX_AI = 'GCPVertexAI',
  /** Anthropic's Messages API on Google Vertex AI. */
  GCP_ANTHROPIC = 'GCPAnthropic',
  /** Cohere's API. */
  COHERE = 'Cohere',
}
