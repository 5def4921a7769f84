namespace TorchSharp.Kernels;

/// <summary>A kernel over a range of independent items (rows, or groups of sixteen elements), written once for every width of machine.</summary>
internal interface IKernel
{
    /// <summary>Does the items from <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    void Run<T>(long begin, long end)
        where T : unmanaged, ILanes<T>;
}
