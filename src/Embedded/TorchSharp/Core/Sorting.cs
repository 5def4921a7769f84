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
        // One number a place, whose upper half orders by value and whose lower half by place: plain numbers sort fastest.
        if (sizeof(T) <= 4)
        {
            var keys = new ulong[n];
            for (long r = 0; r < rows.Count; r++)
            {
                T* row = x + r * n;
                for (int i = 0; i < n; i++) keys[i] = ((ulong)Key(row[i], descending) << 32) | (uint)i;
                Array.Sort(keys);
                long* to = places.Ptr<long>() + r * k;
                for (int i = 0; i < k; i++) to[i] = (uint)keys[i];
            }
            return;
        }
        var wide = new ulong[n];
        var order = new int[n];
        for (long r = 0; r < rows.Count; r++)
        {
            T* row = x + r * n;
            for (int i = 0; i < n; i++)
            {
                wide[i] = WideKey(row[i], descending);
                order[i] = i;
            }
            Array.Sort(wide, order);
            for (int i = 0, end; i < n; i = end)
            {
                // Equals in the order of their places.
                for (end = i + 1; end < n && wide[end] == wide[i]; end++) { }
                if (end - i > 1) Array.Sort(order, i, end - i);
            }
            long* to = places.Ptr<long>() + r * k;
            for (int i = 0; i < k; i++) to[i] = order[i];
        }
    }

    /// <summary>A number whose order is that of the values: -0 with 0, NaN above all.</summary>
    static uint Key<T>(T value, bool descending) where T : unmanaged, INumber<T>
    {
        uint key;
        if (T.IsNaN(value)) key = uint.MaxValue;
        else if (typeof(T) == typeof(float) || typeof(T) == typeof(Half))
        {
            uint bits = BitConverter.SingleToUInt32Bits(float.CreateTruncating(value) + 0f);
            key = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        }
        else key = (uint)int.CreateTruncating(value) ^ 0x80000000;
        return descending ? ~key : key;
    }

    static ulong WideKey<T>(T value, bool descending) where T : unmanaged, INumber<T>
    {
        ulong key;
        if (T.IsNaN(value)) key = ulong.MaxValue;
        else if (typeof(T) == typeof(double))
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(double.CreateTruncating(value) + 0.0);
            key = (bits & 0x8000000000000000) != 0 ? ~bits : bits | 0x8000000000000000;
        }
        else key = (ulong)long.CreateTruncating(value) ^ 0x8000000000000000;
        return descending ? ~key : key;
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
