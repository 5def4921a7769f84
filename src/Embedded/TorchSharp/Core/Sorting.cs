using System.Numerics;
using TorchSharp.Kernels;
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
        long* to = places.Ptr<long>();
        if (k * 16 <= n && typeof(T) == typeof(float))
        {
            FirstOfRows.Find((float*)x, to, rows.Count, n, (int)k, descending);
            return;
        }
        var kernel = new Kernel<T>(x, to, n, (int)k, descending);
        Launch.Over(rows.Count, 8L * n, ref kernel);
    }

    struct Kernel<T>(T* x, long* places, int n, int k, bool descending) : IKernel where T : unmanaged, INumber<T>
    {
        public readonly void Run<TLanes>(long begin, long end) where TLanes : unmanaged, ILanes<TLanes>
        {
            if (k * 16L <= n) First(begin, end);
            else if (sizeof(T) <= 4) Narrow(begin, end);
            else Wide(begin, end);
        }

        /// <summary>The first few of each row.</summary>
        readonly void First(long begin, long end)
        {
            for (long r = begin; r < end && k > 0; r++)
                for (int i = 0, held = 0; i < n; i++) FirstOfRows.Insert(x + r * n, places + r * k, i, ref held, k, descending);
        }

        /// <summary>One number a place, whose upper half orders by value and whose lower half by place.</summary>
        readonly void Narrow(long begin, long end)
        {
            long bytes = 2L * n * sizeof(ulong);
            var keys = (ulong*)BufferPool.Rent(bytes);
            for (long r = begin; r < end; r++)
            {
                T* row = x + r * n;
                for (int i = 0; i < n; i++) keys[i] = ((ulong)Key(row[i], descending) << 32) | (uint)i;
                RadixSort.Run(keys, keys + n, n);
                for (int i = 0; i < k; i++) places[r * k + i] = (uint)keys[i];
            }
            BufferPool.Return(keys, bytes);
        }

        readonly void Wide(long begin, long end)
        {
            var wide = new ulong[n];
            var order = new int[n];
            for (long r = begin; r < end; r++)
            {
                T* row = x + r * n;
                for (int i = 0; i < n; i++)
                {
                    wide[i] = WideKey(row[i], descending);
                    order[i] = i;
                }
                Array.Sort(wide, order);
                for (int i = 0, last; i < n; i = last)
                {
                    // Equals in the order of their places.
                    for (last = i + 1; last < n && wide[last] == wide[i]; last++) { }
                    if (last - i > 1) Array.Sort(order, i, last - i);
                }
                for (int i = 0; i < k; i++) places[r * k + i] = order[i];
            }
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
}
