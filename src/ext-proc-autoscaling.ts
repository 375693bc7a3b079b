/** How many pods of ExtProc there are, by their use of CPU. */
export interface ExtProcAutoscaling {
  /**
   * Fewest pods.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /** Most pods. */
  readonly maxReplicas: number;

  /**
   * Mean CPU over all pods, in percent of the CPU request, that the number of pods is chosen for: 1 to 100.
   *
   * @default 70
   */
  readonly targetCpuUtilizationPercent?: number;
}
