namespace DiffusionBatch.Pipeline.Tests.Inputs;

/// <summary>Tests that measure the process's heap run alone: others would fill it meanwhile.</summary>
[CollectionDefinition("whole heap", DisableParallelization = true)]
public sealed class WholeHeap;
