using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// The dropout of a network in training. Each place that drops draws its mask from (stream, number of the place in the pass): the
/// same on every run, on any number of threads and on every kind of device, and from no generator that others draw from.
/// </summary>
sealed class Dropout
{
    const long Quarter = 0xffff;
    CounterRandom _pass;

    /// <summary>The number of the next place that drops. Set back, the places after it draw what they drew.</summary>
    public long Place { get; set; }

    /// <summary>Begins a pass with masks of its own.</summary>
    /// <param name="stream">The pass's stream; different ones give independent masks.</param>
    public void Begin(CounterRandom stream) => (_pass, Place) = (stream, 0);

    /// <summary>x with a share of its numbers dropped and the others scaled up; x itself where nothing is dropped.</summary>
    public Tensor Of(Tensor x, double share)
    {
        if (share <= 0) return x;
        using var scope = NewDisposeScope();
        // bfloat16 doesn't hold the scale exactly, a product's rounding is unbiased.
        return x.dtype == ScalarType.Float32
            ? x.mul(Mask(x.shape, share, KeepMask.Scale(share), x.dtype, x.device)).MoveToOuterDisposeScope()
            : x.mul(Mask(x.shape, share, 1, x.dtype, x.device)).mul_(KeepMask.Scale(share)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A residual connection, <paramref name="x"/> + dropout(<paramref name="y"/>), in x's type. May write over <paramref name="y"/>.
    /// </summary>
    /// <param name="x">// (..., d)</param>
    /// <param name="y">A product's result, which nothing else needs. // (..., d)</param>
    /// <param name="share">The share of y that is dropped; 0 for nothing.</param>
    public Tensor Add(Tensor x, Tensor y, double share)
    {
        using var scope = NewDisposeScope();
        if (y.dtype != x.dtype) y = y.to(x.dtype);
        // In place where there is no gradient: y is in the cache. Where there is one, writing into a view of a product's rows
        // would copy the gradient three times over; so one operation reads all three and writes once.
        var sum = share > 0 ? addcmul(x, y, Mask(y.shape, share, KeepMask.Scale(share), y.dtype, y.device), 1)
            : is_grad_enabled() ? x + y : y.add_(x);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>The mask of the next place.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="share">The share that is dropped, in (0, 1).</param>
    /// <param name="kept">What stands for a kept element; 0 stands for a dropped one.</param>
    /// <param name="type">float32 or bfloat16.</param>
    /// <param name="device">Where it goes.</param>
    public Tensor Mask(long[] shape, double share, double kept, ScalarType type, Device device)
    {
        var draws = _pass.At(Place++);
        if (device.type != DeviceType.CPU) return OnDevice(draws, shape, share, kept, type, device);
        var mask = empty(shape, dtype: type);
        int threads = get_num_threads();
        if (type == ScalarType.Float32) KeepMask.Fill(draws, share, MemoryMarshal.Cast<byte, float>(mask.bytes), (float)kept, threads);
        else KeepMask.Fill(draws, share, MemoryMarshal.Cast<byte, ushort>(mask.bytes), Unsafe.BitCast<BFloat16, ushort>((BFloat16)kept),
            threads);
        return mask;
    }

    /// <summary>The same mask by a device's own operations: the stream's words, cut into four.</summary>
    internal static Tensor OnDevice(CounterRandom draws, long[] shape, double share, double kept, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        long count = shape.Aggregate(1L, (product, size) => product * size);
        // int64 wraps around as the unsigned words do; its shift to the right keeps the sign, which the bits behind cut off.
        Tensor Shifted(Tensor x, int by) =>
            x.bitwise_right_shift(tensor((long)by, device: device)).bitwise_and(tensor(long.MaxValue >> (by - 1), device: device));
        var x = arange((count + 3) / 4, dtype: int64, device: device) * unchecked((long)CounterRandom.Golden)
            + unchecked((long)draws.State(0));
        x = x.bitwise_xor(Shifted(x, 30)) * unchecked((long)StableHash.First);
        x = x.bitwise_xor(Shifted(x, 27)) * unchecked((long)StableHash.Second);
        x = x.bitwise_xor(Shifted(x, 31));
        var quarters = stack([x, Shifted(x, 16), Shifted(x, 32), Shifted(x, 48)], 1).bitwise_and(tensor(Quarter, device: device));
        return (quarters.reshape(-1).narrow(0, 0, count).ge(KeepMask.Dropped(share)).to(type) * kept).view(shape).MoveToOuterDisposeScope();
    }
}
