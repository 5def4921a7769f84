namespace TorchSharp;

public static partial class torch
{
    /// <summary>How many threads one operation may use. Results don't depend on it.</summary>
    public static int get_num_threads() => Kernels.WorkPool.Threads;

    public static void set_num_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(num, 1);
        Kernels.WorkPool.Threads = num;
    }
}
