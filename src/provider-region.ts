const COMPASS = '(north|south|east|west|central|northeast|northwest|southeast|southwest)';
/** us-east-1, ap-southeast-4, us-gov-west-1, eusc-de-east-1, ... (docs.aws.amazon.com/general/latest/gr/rande.html). */
const AWS_REGION = new RegExp(`^[a-z]{2,4}(-[a-z]+)?-${COMPASS}-[1-9][0-9]?$`);
/** us-central1, europe-west4, northamerica-northeast1, ... and global (cloud.google.com/vertex-ai/generative-ai/docs/learn/locations). */
const GCP_REGION = new RegExp(`^([a-z]+-${COMPASS}[1-9][0-9]?|global)$`);

/**
 * Why a name cannot be that of a region. It makes the endpoint's host name, so a mistyped one would fail with the first request. Names are not
 * compared with a list: that would refuse a region that is newer than this version.
 */
export function awsRegionDefect(region: string): string | undefined {
  if (AWS_REGION.test(region)) return undefined;
  const zone = region.replace(/[a-z]$/, '');
  if (zone !== region && AWS_REGION.test(zone)) return `region ${JSON.stringify(region)} is an availability zone; its region is ${zone}`;
  return `region ${JSON.stringify(region)} is no name of an AWS region, such as us-east-1 or eu-central-1; correct it, or give the endpoint as host too`;
}

/** The same for regions of Google Cloud. */
export function gcpRegionDefect(region: string): string | undefined {
  if (GCP_REGION.test(region)) return undefined;
  return `region ${JSON.stringify(region)} is no name of a Google Cloud region, such as us-central1 or europe-west4, nor global; correct it, or give the endpoint as host too`;
}
