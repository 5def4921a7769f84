using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Sorts rows in a total order: by value, equals by place, NaN above all.</summary>
internal static unsafe class Sorting
{
    /// <summary>For each row the places of its first <paramref name="k"/> elements in order, (Count, k) int64.</summary>
    public static Tensor Places(Rows rows, long k, bool descending)
    {
        Tensor places = rows.NewRows(ScalarType.Int64, k);
        Tensor x = rows.Dense;
        switch (x.type)
        {
            case ScalarType.Bool or ScalarType.Byte: Run(x.Ptr<byte>(), rows, places, k, descending); break;
            case ScalarType.Int8: Run(x.Ptr<sbyte>(), rows, places, k, descending); break;
            case ScalarType.Int16: Run(x.Ptr<short>(), rows, places, k, descending); break;
            case ScalarType.Int32: Run(x.Ptr<int>(), rows, places, k, descending); break;
            case ScalarType.Int64: Run(x.Ptr<long>(), rows, places, k, descending); break;
            case ScalarType.Float64: Run(x.Ptr<double>(), rows, places, k, descending); break;
            case ScalarType.Float16: Run(x.Ptr<Half>(), rows, places, k, descending); break;
            default: Run(x.Ptr<float>(), rows, places, k, descending); break;
        }
        return places;
    }

    static void Run<T>(T* x, Rows rows, Tensor places, long k, bool descending) where T : unmanaged, INumber<T>
    {
        int n = (int)rows.Length;
        if (k * 16 <= n)
        {
            First(x, n, rows.Count, places.Ptr<long>(), (int)k, descending);
            return;
        }
        var order = new int[n];
        for (long r = 0; r < rows.Count; r++)
        {
            nint row = (nint)(x + r * n);
            for (int i = 0; i < n; i++) order[i] = i;
            order.AsSpan().Sort((a, b) => Compare(((T*)row)[a], ((T*)row)[b], descending) is var c && c != 0 ? c : a.CompareTo(b));
            long* to = places.Ptr<long>() + r * k;
            for (int i = 0; i < k; i++) to[i] = order[i];
        }
    }

    /// <summary>The first few of each row: one pass that keeps the best so far in order.</summary>
    static void First<T>(T* x, int n, long rows, long* places, int k, bool descending) where T : unmanaged, INumber<T>
    {
        if (k == 0) return;
        for (long r = 0; r < rows; r++, x += n, places += k)
        {
            int held = 0;
            for (int i = 0; i < n; i++)
            {
                // Of equals the earlier stays ahead, so a later element must be strictly better.
                if (held == k && Compare(x[i], x[places[k - 1]], descending) >= 0) continue;
                int at = held < k ? held++ : k - 1;
                while (at > 0 && Compare(x[i], x[places[at - 1]], descending) < 0)
                {
                    places[at] = places[at - 1];
                    at--;
                }
                places[at] = i;
            }
        }
    }

    static int Compare<T>(T a, T b, bool descending) where T : unmanaged, INumber<T>
    {
        bool na = T.IsNaN(a), nb = T.IsNaN(b);
        int c = na || nb ? na.CompareTo(nb) : a.CompareTo(b);
        return descending ? -c : c;
    }
}
