"""main.ts in Python: `npm run python` compares what the two make, byte for byte."""
import os

from cdk8s import App, ApiObjectMetadata, Chart
from cdk8s_plus_28 import Secret, SecretValue
from cdk8s_llm_gateway import LlmBackend, LlmGateway, LlmGatewayCrds, LlmProvider, LlmRoute, LlmTarget, ModelMatch

app = App(outdir=os.environ.get("CDK8S_OUTDIR", "dist"))

# The CRDs in a chart of their own, to be applied first.
LlmGatewayCrds(Chart(app, "crds"), "Crds")

chart = Chart(app, "llm", namespace="llm")
gateway = LlmGateway(chart, "Gateway", name="llm", gateway_class_name="eg")
kserve = LlmBackend(
    chart, "KServe",
    metadata=ApiObjectMetadata(name="kserve"),
    provider=LlmProvider.open_ai_compatible(host="llama.models.svc.cluster.local", port=8080),
)
bedrock = LlmBackend(
    chart, "Bedrock",
    metadata=ApiObjectMetadata(name="bedrock"),
    provider=LlmProvider.aws_bedrock(
        region="us-east-1",
        credentials=SecretValue(secret=Secret.from_secret_name(chart, "AwsCredentials", "aws-bedrock"), key="credentials"),
    ),
)
chat = LlmRoute(chart, "Chat", gateway=gateway, name="chat")
chat.add_rule(
    name="llama",
    models=[ModelMatch.exact("llama3-70b")],
    targets=[
        LlmTarget(backend=kserve, weight=20),
        LlmTarget(backend=bedrock, weight=80, model="meta.llama3-70b-instruct-v1:0"),
    ],
)
app.synth()
