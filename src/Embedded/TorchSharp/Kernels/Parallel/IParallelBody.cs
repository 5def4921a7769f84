namespace TorchSharp.Kernels;

/// <summary>The work of one <see cref="WorkPool.For{TBody}(int, ref TBody)"/>; a struct, so that no call allocates.</summary>
internal interface IParallelBody
{
    /// <summary>Does piece <paramref name="index"/>; pieces run in any order, on any thread, each once.</summary>
    void Run(int index);
}
