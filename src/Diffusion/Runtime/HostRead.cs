using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Runtime;

/// <summary>
/// The one way for a training step to learn numbers that its device computed. Each read waits until the device has done all it
/// was told to, so a step makes one.
/// </summary>
static class HostRead
{
    static readonly AsyncLocal<Counter?> s_counter = new();

    /// <summary>Copies numbers to the host.</summary>
    /// <param name="values">// (n) float32</param>
    public static float[] Floats(Tensor values)
    {
        if (s_counter.Value is { } counter) counter.Count++;
        using var here = values.cpu();
        return here.data<float>().ToArray();
    }

    /// <summary>Counts the reads of this thread, and of what it starts, from here on.</summary>
    public static Counter Watch() => s_counter.Value = new Counter();

    /// <summary>How many reads there were.</summary>
    public sealed class Counter
    {
        /// <summary>So many.</summary>
        public int Count { get; set; }
    }
}
