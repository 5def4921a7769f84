using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The product of all elements; of whole numbers and bool as int64.</summary>
        public Tensor prod(ScalarType? type = null)
        {
            using Tensor flat = reshape(-1);
            return flat.prod(0, false, type);
        }

        /// <summary>Products along a dimension.</summary>
        public unsafe Tensor prod(long dim, bool keepdim = false, ScalarType? type = null)
        {
            int d = Shapes.Dim(dim, Rank);
            ScalarType to = type ?? (Dtypes.IsFloating(this.type) ? this.type : ScalarType.Int64), compute = Dtypes.Compute(to);
            Tensor result;
            using (Tensor x = Elementwise.As(this, compute))
            using (Rows rows = Rows.Of(x, d))
            {
                result = rows.NewColumn(compute);
                switch (compute)
                {
                    case ScalarType.Float64: Products(rows.Dense.Ptr<double>(), result.Ptr<double>(), rows); break;
                    case ScalarType.Float32: Products(rows.Dense.Ptr<float>(), result.Ptr<float>(), rows); break;
                    case ScalarType.Int64: Products(rows.Dense.Ptr<long>(), result.Ptr<long>(), rows); break;
                    case ScalarType.Int32: Products(rows.Dense.Ptr<int>(), result.Ptr<int>(), rows); break;
                    case ScalarType.Int16: Products(rows.Dense.Ptr<short>(), result.Ptr<short>(), rows); break;
                    case ScalarType.Int8: Products(rows.Dense.Ptr<sbyte>(), result.Ptr<sbyte>(), rows); break;
                    default: Products(rows.Dense.Ptr<byte>(), result.Ptr<byte>(), rows); break;
                }
            }
            result = Kept(result, Shapes.Mask([d], Rank), keepdim);
            if (compute != to) result = result.to_type(to, disposeAfter: true);
            if (!Tape.Records(this)) return result;
            long[] kept = KeptShape(Shapes.Mask([d], Rank));
            return Tape.Record(result, "ProdBackward", [this], [this], (n, g) => [n.Saved(0).Others(d).mul(g.to_type(this.type).view(kept))]);
        }

        /// <summary>For each element the product of all others along a dimension, without dividing.</summary>
        internal Tensor Others(int d)
        {
            if (Rank == 0) return torch.ones_like(this);
            if (sizes[d] == 0) return clone();
            Tensor one = torch.ones([.. sizes[..d], 1, .. sizes[(d + 1)..]], type);
            Tensor before = cat([one, narrow(d, 0, sizes[d] - 1)], d).cumprod(d);
            Tensor behind = cat([one, flip(d).narrow(d, 0, sizes[d] - 1)], d).cumprod(d).flip(d);
            return before.mul(behind);
        }

        static unsafe void Products<T>(T* x, T* to, Rows rows) where T : unmanaged, INumber<T>
        {
            for (long r = 0; r < rows.Count; r++)
            {
                T product = T.One;
                for (long i = 0; i < rows.Length; i++) product *= x[r * rows.Length + i];
                to[r] = product;
            }
        }
    }

    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);

    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);
}
