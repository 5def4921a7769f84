using System.Runtime.InteropServices;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

/// <summary>Native floats for the kernels, freed with the test; reproducible contents.</summary>
internal sealed unsafe class Floats : IDisposable
{
    internal Floats(long count, int seed = 0, float scale = 1f)
    {
        Count = (int)count;
        Pointer = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(4, count * 4), 64);
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
            Pointer[i] = seed == 0 ? float.NaN : (float)((random.NextDouble() * 2) - 1) * scale; // outputs start as NaN
    }

    internal int Count { get; }

    internal float* Pointer { get; }

    internal Span<float> Span => new(Pointer, Count);

    internal float this[int i] => Pointer[i];

    public static implicit operator float*(Floats floats) => floats.Pointer;

    public void Dispose() => NativeMemory.AlignedFree(Pointer);

    internal Floats Copy()
    {
        var copy = new Floats(Count);
        Span.CopyTo(copy.Span);
        return copy;
    }

    internal void ShouldEqualBits(Floats other) =>
        Assert.True(MemoryMarshal.AsBytes(Span).SequenceEqual(MemoryMarshal.AsBytes(other.Span)), "The bits differ.");
}
