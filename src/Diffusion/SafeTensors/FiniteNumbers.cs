using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Files;

namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>
/// Finds NaN and infinities among weights: a diverged or damaged model, whose every output would be NaN. The mapped file is
/// scanned as it lies, some 0.1 s a GB of what the page cache holds, a fifteenth of what its hash takes.
/// </summary>
static class FiniteNumbers
{
    /// <summary>Adds the tensors of a file that have numbers which are not finite.</summary>
    /// <param name="reader">The file, whose layout is sound.</param>
    /// <param name="names">The tensors to look at; those of integers are left out.</param>
    /// <param name="problems">Receives a problem a tensor.</param>
    public static void Check(SafeTensorsReader reader, IEnumerable<string> names, ICollection<CheckpointProblem> problems)
    {
        foreach (string name in names)
        {
            SafeTensorInfo info = reader.Tensors[name];
            if (!info.Type.IsFloat()) continue;
            long first = -1, count = 0;
            for (long at = 0; at < info.Elements; at += SafeTensorsReader.WindowElements)
            {
                using MappedBytes window = reader.Map(name, at, (int)Math.Min(SafeTensorsReader.WindowElements, info.Elements - at));
                int found = IndexOfOther(info.Type, window.Bytes);
                if (found < 0) continue;
                if (first < 0) first = at + found;
                count += Count(info.Type, window.Bytes);
            }
            if (first >= 0) problems.Add(Problem(reader, info, first, count));
        }
    }

    /// <summary>The first number that is not finite in float32; -1 where all are.</summary>
    /// <param name="type">F32, F16, BF16 or F64.</param>
    /// <param name="bytes">Little-endian.</param>
    public static int IndexOfOther(SafeTensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        SafeTensorType.F32 => IndexOf(MemoryMarshal.Cast<byte, uint>(bytes), 0x7F80_0000u),
        SafeTensorType.F64 => IndexOfOther(MemoryMarshal.Cast<byte, double>(bytes)),
        _ => IndexOf(MemoryMarshal.Cast<byte, ushort>(bytes), Exponent(type)),
    };

    static int IndexOfOther(ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
            if (!float.IsFinite((float)numbers[i])) return i;
        return -1;
    }

    // A number is finite where a bit of its exponent is 0.
    static ushort Exponent(SafeTensorType type) => type == SafeTensorType.F16 ? (ushort)0x7C00 : (ushort)0x7F80;

    static int IndexOf<T>(ReadOnlySpan<T> numbers, T exponent) where T : unmanaged, IBinaryInteger<T>
    {
        var mask = new Vector<T>(exponent);
        int width = Vector<T>.Count, i = 0;
        for (; i <= numbers.Length - 4 * width; i += 4 * width)
        {
            Vector<T> Other(ReadOnlySpan<T> from) => Vector.Equals(new Vector<T>(from) & mask, mask);
            if ((Other(numbers[i..]) | Other(numbers[(i + width)..]) | Other(numbers[(i + 2 * width)..])
                | Other(numbers[(i + 3 * width)..])) != Vector<T>.Zero) break;
        }
        for (; i < numbers.Length; i++)
            if ((numbers[i] & exponent) == exponent) return i;
        return -1;
    }

    static long Count(SafeTensorType type, ReadOnlySpan<byte> bytes)
    {
        long count = 0;
        for (int size = type.Size(), at = 0; (at = IndexOfOther(type, bytes)) >= 0; count++) bytes = bytes[((at + 1) * size)..];
        return count;
    }

    static CheckpointProblem Problem(SafeTensorsReader reader, SafeTensorInfo info, long first, long count)
    {
        Span<float> value = stackalloc float[1];
        reader.ReadFloats(info.Name, first, value);
        long[] place = new long[info.Shape.Length];
        long rest = first;
        for (int d = place.Length - 1; d >= 0; rest /= info.Shape[d--]) place[d] = rest % info.Shape[d];
        string what = float.IsNaN(value[0]) ? "NaN" : value[0] > 0 ? "infinity" : "-infinity";
        string more = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {count - 1} more");
        if (info.Type == SafeTensorType.F64)
        {
            using MappedBytes bytes = reader.Map(info.Name, first, 1);
            double number = MemoryMarshal.Read<double>(bytes.Bytes);
            if (double.IsFinite(number))
                return new CheckpointProblem(Path.GetFileName(reader.Path), info.Name,
                    "the number is beyond float32, in which weights are computed", "finite numbers",
                    string.Create(CultureInfo.InvariantCulture, $"{number:R} at {SafeTensorInfo.Describe(place)}{more}"));
        }
        return new CheckpointProblem(Path.GetFileName(reader.Path), info.Name, "the weights are damaged or training diverged",
            "finite numbers", $"{what} at {SafeTensorInfo.Describe(place)}{more}");
    }
}
