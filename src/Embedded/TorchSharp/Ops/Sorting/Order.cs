using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements in order along the first dimension.</summary>
        public Tensor msort()
        {
            (Tensor values, Tensor places) = sort(0);
            places.Dispose();
            return values;
        }

        /// <summary>The k-th smallest element along a dimension, the last where none is named, and where it is.</summary>
        public (Tensor values, Tensor indexes) kthvalue(long k, long? dim, bool keepdim = false)
        {
            int d = Shapes.Dim(dim ?? -1, Rank);
            if (k < 1 || k > (Rank == 0 ? 1 : sizes[d])) throw new ExternalException("kthvalue(): selected number k out of range for dimension " + d);
            using Tensor order = OrderedPlaces(d, k, false);
            return Picked(Rank == 0 ? order.alias() : order.narrow(d, k - 1, 1), d, keepdim);
        }

        public static (Tensor values, Tensor indexes) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

        (Tensor, Tensor) Picked(Tensor places, int d, bool keepdim)
        {
            Tensor values = gather(d, places);
            if (keepdim || Rank == 0) return (values, places);
            using (values)
            using (places)
                return (values.squeeze(d), places.squeeze(d));
        }

        /// <summary>The median, the lower of two, of all elements; NaN where any is.</summary>
        public Tensor median()
        {
            if (Count == 0) return torch.full([], double.NaN, type);
            using Tensor nan = isnan(), any = nan.any();
            using Tensor flat = reshape(-1);
            using Tensor order = flat.OrderedPlaces(0, any.item<bool>() ? flat.Count : (flat.Count + 1) / 2, false), place = order.narrow(0, order.sizes[0] - 1, 1), value = flat.gather(0, place);
            return value.squeeze(0);
        }

        /// <summary>The median of all elements that are numbers.</summary>
        public Tensor nanmedian()
        {
            using Tensor good = isnan().logical_not(), some = masked_select(good);
            return some.Count == 0 ? torch.full([], double.NaN, type) : some.median();
        }

        /// <summary>Along a dimension the value that is most often there, the smallest of equals, and where it was last.</summary>
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false)
        {
            int d = Shapes.Dim(dim, Rank);
            if (Rank > 0 && sizes[d] == 0) throw new ExternalException($"mode(): Expected reduction dim {d} to have non-zero size.");
            using Tensor order = OrderedPlaces(d, Rank == 0 ? 1 : sizes[d], false);
            using Rows places = Rows.Of(order, d);
            using Tensor sorted = detach().gather(d, order), wide = Elementwise.As(sorted, ScalarType.Float64);
            using Rows values = Rows.Of(wide, d);
            Tensor most = places.NewRows(ScalarType.Int64, 1);
            Modes(values, places, most);
            return Picked(places.Restore(most), d, keepdim);
        }

        static unsafe void Modes(Rows values, Rows places, Tensor to)
        {
            for (long r = 0; r < values.Count; r++)
            {
                double* x = values.Dense.Ptr<double>() + r * values.Length;
                long best = 0, most = 0, run = 0;
                for (long i = 0; i < values.Length; i++)
                {
                    run++;
                    if (i + 1 < values.Length && x[i + 1] == x[i]) continue;
                    if (run > most) (most, best) = (run, i);
                    run = 0;
                }
                to.Ptr<long>()[r] = places.Dense.Ptr<long>()[r * values.Length + best];
            }
        }
    }

    public static Tensor msort(Tensor tensor) => tensor.msort();

    public static (Tensor values, Tensor indexes) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

    public static Tensor median(Tensor input) => input.median();

    public static Tensor nanmedian(Tensor input) => input.nanmedian();

    public static (Tensor values, Tensor indices) mode(Tensor input, long dim = -1, bool keepdim = false) => input.mode(dim, keepdim);
}
