import { IConstruct } from 'constructs';

interface Named extends IConstruct {
  readonly name: string;
  readonly namespace: string;
}

/** Objects of one kind, name and namespace overwrite each other when they are applied. */
export function namesakeDefects(own: Named, isSameKind: (other: IConstruct) => boolean): string[] {
  return (own.node.root.node.findAll() as Named[]).filter((other) => isSameKind(other) && other !== own && other.name === own.name && other.namespace === own.namespace)
    .map((other) => `${other.node.path} has the same name ${own.name} in namespace ${own.namespace}; give one of the two another name`);
}
