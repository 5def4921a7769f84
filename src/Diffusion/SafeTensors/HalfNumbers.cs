using System.Runtime.InteropServices;

namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>Between float32 and the two 16-bit types, F16 and BF16.</summary>
static class HalfNumbers
{
    /// <summary>Widens numbers without loss.</summary>
    /// <param name="type">F16 or BF16.</param>
    /// <param name="source">Little-endian. // (2 n)</param>
    /// <param name="destination">// (n)</param>
    public static void Widen(SafeTensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (type == SafeTensorType.F16)
        {
            var halves = MemoryMarshal.Cast<byte, Half>(source);
            for (int i = 0; i < halves.Length; i++) destination[i] = (float)halves[i];
            return;
        }
        var upper = MemoryMarshal.Cast<byte, ushort>(source);
        for (int i = 0; i < upper.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
    }

    /// <summary>Narrows numbers, rounding to the nearest, ties to the even one; those that <see cref="Fit"/> stay what they are.</summary>
    /// <param name="type">F16 or BF16.</param>
    /// <param name="source">// (n)</param>
    /// <param name="destination">Little-endian. // (2 n)</param>
    public static void Narrow(SafeTensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (type == SafeTensorType.F16)
        {
            var halves = MemoryMarshal.Cast<byte, Half>(destination);
            for (int i = 0; i < halves.Length; i++) halves[i] = (Half)source[i];
            return;
        }
        var upper = MemoryMarshal.Cast<byte, ushort>(destination);
        for (int i = 0; i < source.Length; i++) upper[i] = Upper(source[i]);
    }

    static ushort Upper(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        // A NaN whose upper half would read as infinity, or round to a zero, gets the quiet bit.
        if (float.IsNaN(number)) return (ushort)(bits >> 16 | (((bits >> 16) & 0x7F) == 0 ? 0x40u : 0));
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>Whether narrowing and widening gives every number back, to the bit.</summary>
    /// <param name="type">F16 or BF16; F32 holds all.</param>
    /// <param name="numbers">// (n)</param>
    public static bool Fit(SafeTensorType type, ReadOnlySpan<float> numbers)
    {
        if (type == SafeTensorType.F32) return true;
        foreach (float number in numbers)
        {
            uint bits = BitConverter.SingleToUInt32Bits(number);
            if (type == SafeTensorType.BF16 ? (ushort)bits != 0 : BitConverter.SingleToUInt32Bits((float)(Half)number) != bits)
                return false;
        }
        return true;
    }
}
