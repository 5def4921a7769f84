namespace TorchSharp;

public static partial class torch
{
    static int threads = Environment.ProcessorCount;

    /// <summary>How many threads one operation may use. Results don't depend on it.</summary>
    public static int get_num_threads() => threads;

    public static void set_num_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(num, 1);
        threads = num;
    }
}
