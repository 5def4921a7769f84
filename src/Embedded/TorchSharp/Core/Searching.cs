using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Binary search in ascending rows.</summary>
internal static unsafe class Searching
{
    /// <summary>For runs of <paramref name="run"/> values each, the places in one row of <paramref name="sorted"/> a run; all dense.</summary>
    public static void Run(Tensor sorted, Tensor values, long run, bool right, Tensor places)
    {
        switch (sorted.type)
        {
            case ScalarType.Bool or ScalarType.Byte: Run<byte>(sorted, values, run, right, places); break;
            case ScalarType.Int8: Run<sbyte>(sorted, values, run, right, places); break;
            case ScalarType.Int16: Run<short>(sorted, values, run, right, places); break;
            case ScalarType.Int32: Run<int>(sorted, values, run, right, places); break;
            case ScalarType.Int64: Run<long>(sorted, values, run, right, places); break;
            case ScalarType.Float64: Run<double>(sorted, values, run, right, places); break;
            default: Run<float>(sorted, values, run, right, places); break;
        }
    }

    static void Run<T>(Tensor sorted, Tensor values, long run, bool right, Tensor places) where T : unmanaged, INumber<T>
    {
        T* x = values.Ptr<T>();
        long n = sorted.sizes[^1];
        long* to = places.Ptr<long>();
        for (long i = 0; i < values.Count; i++)
        {
            T* row = sorted.Ptr<T>() + i / Math.Max(1, run) * n;
            long low = 0, high = n;
            while (low < high)
            {
                // Neither holds of NaN, which so goes to the end.
                long middle = (low + high) / 2;
                if (right ? row[middle] > x[i] : row[middle] >= x[i]) high = middle;
                else low = middle + 1;
            }
            to[i] = low;
        }
    }
}
