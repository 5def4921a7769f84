using System.Numerics;

namespace TorchSharp.Core;

/// <summary>
/// Sums of rows. Element i always goes to lane i % 8, and the lanes are added in one order, so that a sum depends on
/// nothing but its row; float32 is summed in float64.
/// </summary>
internal static unsafe class RowSums
{
    public static double Sum<T>(T* row, long n) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        long i = 0;
        for (; i + 8 <= n; i += 8)
        {
            s0 += double.CreateTruncating(row[i]);
            s1 += double.CreateTruncating(row[i + 1]);
            s2 += double.CreateTruncating(row[i + 2]);
            s3 += double.CreateTruncating(row[i + 3]);
            s4 += double.CreateTruncating(row[i + 4]);
            s5 += double.CreateTruncating(row[i + 5]);
            s6 += double.CreateTruncating(row[i + 6]);
            s7 += double.CreateTruncating(row[i + 7]);
        }
        if (i < n) s0 += double.CreateTruncating(row[i++]);
        if (i < n) s1 += double.CreateTruncating(row[i++]);
        if (i < n) s2 += double.CreateTruncating(row[i++]);
        if (i < n) s3 += double.CreateTruncating(row[i++]);
        if (i < n) s4 += double.CreateTruncating(row[i++]);
        if (i < n) s5 += double.CreateTruncating(row[i++]);
        if (i < n) s6 += double.CreateTruncating(row[i]);
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    public static long SumWhole<T>(T* row, long n) where T : unmanaged, INumber<T>
    {
        long sum = 0;
        for (long i = 0; i < n; i++) sum += long.CreateTruncating(row[i]);
        return sum;
    }
}
