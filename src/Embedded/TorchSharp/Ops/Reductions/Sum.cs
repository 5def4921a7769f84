using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum of all elements; of whole numbers and bool as int64.</summary>
        public Tensor sum(ScalarType? type = null) => Summed([], false, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Summed([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => Summed([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => Summed([dim0, dim1, dim2], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Summed(dim, keepdim, type);

        /// <summary>Sums over the given dimensions; over all where none is given.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Summed(dim, keepdim, type);

        Tensor Summed(ReadOnlySpan<long> dims, bool keepdim, ScalarType? to)
        {
            ScalarType result = to ?? (Dtypes.IsFloating(type) ? type : ScalarType.Int64);
            bool[] mask = Shapes.Mask(dims, Rank);
            Tensor sum;
            if (type == ScalarType.Float32 && result == ScalarType.Float32 && LeadingOnly(mask, out long count) && is_contiguous())
            {
                long columns = Count / Math.Max(count, 1);
                using Tensor matrix = Window(offset, [count, columns], [columns, 1], false), sums = Matrices.ColumnSums(matrix);
                long[] rest = sizes[mask.Count(m => m)..];
                sum = sums.Result(rest, Shapes.ContiguousStrides(rest));
            }
            else
            {
                using Tensor x = Elementwise.As(this, Dtypes.Compute(Dtypes.IsFloating(result) ? result : type));
                using Rows rows = Rows.Of(x, mask);
                sum = Sums(rows, result);
            }
            sum = Kept(sum, mask, keepdim);
            if (!Tape.Records(this)) return sum;
            long[] from = sizes, kept = KeptShape(mask);
            ScalarType mine = type;
            return Tape.Record(sum, "SumBackward", [this], [], (_, g) => [g.to_type(mine).view(kept).expand(from)]);
        }

        /// <summary>True when the first dimensions, and not the last, are the marked ones; their number of elements.</summary>
        bool LeadingOnly(bool[] mask, out long count)
        {
            count = 1;
            int d = 0;
            for (; d < Rank && mask[d]; d++) count *= sizes[d];
            return d > 0 && d < Rank && Array.IndexOf(mask, true, d) < 0 && Count > 0;
        }

        /// <summary>From this length on a row is summed in blocks, the blocks in float64.</summary>
        const long LongRow = 16384;

        static unsafe Tensor Sums(Rows rows, ScalarType type)
        {
            ScalarType compute = Dtypes.Compute(type);
            Tensor sum = rows.NewColumn(compute);
            Tensor x = rows.Dense;
            if (x.type == ScalarType.Float32 && compute == ScalarType.Float32)
            {
                if (rows.Length < LongRow) Kernels.ReduceRows.Sum(x.Ptr<float>(), sum.Ptr<float>(), rows.Count, (int)rows.Length);
                else
                    for (long r = 0; r < rows.Count; r++) sum.Ptr<float>()[r] = (float)Kernels.Norms.Sum(x.Ptr<float>() + r * rows.Length, rows.Length);
                return compute == type ? sum : sum.to_type(type, disposeAfter: true);
            }
            for (long r = 0; r < rows.Count; r++)
            {
                long at = r * rows.Length;
                if (x.type == ScalarType.Float64 && compute == ScalarType.Float64) sum.Ptr<double>()[r] = RowSums.Sum(x.Ptr<double>() + at, rows.Length);
                else
                {
                    long whole = x.type switch
                    {
                        ScalarType.Bool or ScalarType.Byte => RowSums.SumWhole(x.Ptr<byte>() + at, rows.Length),
                        ScalarType.Int8 => RowSums.SumWhole(x.Ptr<sbyte>() + at, rows.Length),
                        ScalarType.Int16 => RowSums.SumWhole(x.Ptr<short>() + at, rows.Length),
                        ScalarType.Int32 => RowSums.SumWhole(x.Ptr<int>() + at, rows.Length),
                        ScalarType.Int64 => RowSums.SumWhole(x.Ptr<long>() + at, rows.Length),
                        ScalarType.Float32 => (long)RowSums.Sum(x.Ptr<float>() + at, rows.Length),
                        _ => (long)RowSums.Sum(x.Ptr<double>() + at, rows.Length),
                    };
                    if (compute == ScalarType.Int64) sum.Ptr<long>()[r] = whole;
                    else
                    {
                        using Tensor place = sum.Window(r, [], [], false);
                        Numbers.Write(place, whole);
                    }
                }
            }
            return compute == type ? sum : sum.to_type(type, disposeAfter: true);
        }

        /// <summary>A result without the reduced dimensions given them back, of size 1, where they are to be kept.</summary>
        Tensor Kept(Tensor result, bool[] mask, bool keepdim)
        {
            if (!keepdim) return result;
            using (result) return result.Result(KeptShape(mask), Shapes.ContiguousStrides(KeptShape(mask)));
        }

        long[] KeptShape(bool[] mask)
        {
            var kept = new long[Rank];
            for (int d = 0; d < Rank; d++) kept[d] = mask[d] ? 1 : sizes[d];
            return kept;
        }

    }

    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);
}
