using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Elements moved along a dimension, those that leave coming in at the other end.</summary>
        public Tensor roll(long shifts, long? dims = null)
        {
            if (dims is null)
            {
                using Tensor flat = reshape(-1), rolled = flat.roll(shifts, 0);
                return rolled.reshape(sizes);
            }
            int d = Shapes.Dim(dims.Value, Rank);
            long n = sizes[d];
            if (n == 0) return clone();
            long at = (((-shifts) % n) + n) % n;
            using Tensor tail = narrow(d, at, n - at), head = narrow(d, 0, at);
            return cat([tail, head], d);
        }

        public Tensor roll(long[] shifts) => Rolled(shifts, []);

        /// <summary>Elements moved along several dimensions.</summary>
        public Tensor roll(long[] shifts, long[] dims) => Rolled(shifts, dims);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Rolled(shifts, dims);

        public Tensor roll((long, long) shifts, (long, long) dims) => Rolled([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            Rolled([shifts.Item1, shifts.Item2, shifts.Item3], [dims.Item1, dims.Item2, dims.Item3]);

        Tensor Rolled(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims)
        {
            if (shifts.Length == 0) throw new ExternalException("`shifts` required");
            if (dims.Length == 0 && shifts.Length == 1) return roll(shifts[0]);
            if (shifts.Length != dims.Length) throw new ExternalException($"shifts and dimensions must align. shifts: {shifts.Length}, dims:{dims.Length}");
            Tensor result = roll(shifts[0], dims[0]);
            for (int i = 1; i < shifts.Length; i++)
            {
                using Tensor before = result;
                result = before.roll(shifts[i], dims[i]);
            }
            return result;
        }
    }

    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, (long, long, long) shifts, (long, long, long) dims) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);

    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);
}
