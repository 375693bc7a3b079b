/** Types do not stop an environment variable that is not set: `host: process.env.LLM_HOST!`. */
export function requiredText(owner: string, option: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  const given = value === undefined ? 'missing' : value === '' ? 'empty' : `no text but a ${typeof value}`;
  throw new Error(`${owner}: ${option} is ${given}; give a text, and where it comes from the environment of the synth, see that it is set there`);
}
