using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>The places of rows' extremes: the first of equals, and a NaN before all.</summary>
internal static unsafe class Extremes
{
    /// <summary>For each row of <paramref name="rows"/> the index of its largest (or smallest) element.</summary>
    public static Tensor Places(Rows rows, bool largest)
    {
        if (rows.Length == 0) throw new System.Runtime.InteropServices.ExternalException("max(): Expected reduction dim to have non-zero size.");
        Tensor places = rows.NewColumn(ScalarType.Int64);
        Tensor x = rows.Dense;
        switch (x.type)
        {
            case ScalarType.Bool or ScalarType.Byte: Run(x.Ptr<byte>(), rows, places, largest); break;
            case ScalarType.Int8: Run(x.Ptr<sbyte>(), rows, places, largest); break;
            case ScalarType.Int16: Run(x.Ptr<short>(), rows, places, largest); break;
            case ScalarType.Int32: Run(x.Ptr<int>(), rows, places, largest); break;
            case ScalarType.Int64: Run(x.Ptr<long>(), rows, places, largest); break;
            case ScalarType.Float64: Run(x.Ptr<double>(), rows, places, largest); break;
            case ScalarType.Float16: Run(x.Ptr<Half>(), rows, places, largest); break;
            case ScalarType.Float32 when largest: Kernels.ReduceRows.Max(x.Ptr<float>(), null, places.Ptr<long>(), rows.Count, (int)rows.Length); break;
            default: Run(x.Ptr<float>(), rows, places, largest); break;
        }
        return places;
    }

    static void Run<T>(T* x, Rows rows, Tensor places, bool largest) where T : unmanaged, INumber<T>
    {
        long* to = places.Ptr<long>();
        for (long r = 0; r < rows.Count; r++)
        {
            T* row = x + r * rows.Length;
            long best = 0;
            T top = row[0];
            for (long i = 1; i < rows.Length && !T.IsNaN(top); i++)
            {
                if (!(largest ? row[i] > top : row[i] < top) && !T.IsNaN(row[i])) continue;
                top = row[i];
                best = i;
            }
            to[r] = best;
        }
    }
}
