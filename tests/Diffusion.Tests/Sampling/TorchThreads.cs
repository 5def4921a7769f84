namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// Tests that change how many threads libtorch uses: it is the whole process's, and what another test trains meanwhile would come
/// to other sums (a gradient's norm is summed thread by thread).
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchThreads
{
    public const string Name = "libtorch's threads";
}
