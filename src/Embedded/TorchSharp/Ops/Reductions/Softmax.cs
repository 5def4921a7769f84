using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The softmax along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Softmaxed(dim, dtype, false);

        /// <summary>The logarithm of the softmax along a dimension.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Softmaxed(dim, dtype, true);

        unsafe Tensor Softmaxed(long dim, ScalarType? dtype, bool log)
        {
            if (dtype is { } other && other != type) return to_type(other).Softmaxed(dim, null, log);
            if (!Dtypes.IsFloating(type)) throw new System.Runtime.InteropServices.ExternalException($"\"softmax_lastdim_kernel_impl\" not implemented for '{Names.Of(type)}'");
            int d = Shapes.Dim(dim, Rank);
            Tensor result;
            using (Tensor x = Elementwise.As(this, Dtypes.Compute(type)))
            using (Rows rows = Rows.Of(x, d))
            {
                Tensor y = rows.NewRows(x.type, rows.Length);
                if (rows.Length > 0)
                {
                    if (x.type == ScalarType.Float64) SoftmaxRows.Forward(rows.Dense.Ptr<double>(), y.Ptr<double>(), rows.Count, rows.Length, log);
                    else if (log) Kernels.SoftmaxRows.LogForward(rows.Dense.Ptr<float>(), y.Ptr<float>(), rows.Count, (int)rows.Length);
                    else Kernels.SoftmaxRows.Forward(rows.Dense.Ptr<float>(), y.Ptr<float>(), rows.Count, (int)rows.Length);
                }
                result = rows.Restore(y);
            }
            if (result.type != type) result = result.to_type(type, disposeAfter: true);
            return Tape.Records(this)
                ? Tape.Record(result, log ? "LogSoftmaxBackward" : "SoftmaxBackward", [this], [result], (n, g) => [SoftmaxGradient(n.Saved(0), g, d, log)])
                : result;
        }

        static unsafe Tensor SoftmaxGradient(Tensor y, Tensor g, int dim, bool log)
        {
            // While gradients are recorded, by operations that have gradients themselves.
            if (Tape.Records(y, g))
                return log ? g.sub(y.exp().mul(g.sum(dim, true))) : y.mul(g.sub(g.mul(y).sum(dim, true)));
            ScalarType compute = Dtypes.Compute(y.type);
            using Tensor yc = Elementwise.As(y, compute), gc = Elementwise.As(g, compute);
            using Rows ys = Rows.Of(yc, dim), gs = Rows.Of(gc, dim);
            Tensor dx = ys.NewRows(compute, ys.Length);
            if (compute == ScalarType.Float64) SoftmaxRows.Backward(ys.Dense.Ptr<double>(), gs.Dense.Ptr<double>(), dx.Ptr<double>(), ys.Count, ys.Length, log);
            else if (log) Kernels.SoftmaxRows.LogBackward(ys.Dense.Ptr<float>(), gs.Dense.Ptr<float>(), dx.Ptr<float>(), ys.Count, (int)ys.Length);
            else Kernels.SoftmaxRows.Backward(ys.Dense.Ptr<float>(), gs.Dense.Ptr<float>(), dx.Ptr<float>(), ys.Count, (int)ys.Length);
            return ys.Restore(dx).to_type(y.type);
        }

        /// <summary>The logarithm of the sum of exponentials along a dimension.</summary>
        public unsafe Tensor logsumexp(long dim, bool keepdim = false)
        {
            int d = Shapes.Dim(dim, Rank);
            ScalarType to = Dtypes.IsFloating(type) ? type : get_default_dtype();
            bool[] mask = Shapes.Mask([d], Rank);
            Tensor result;
            using (Tensor x = Elementwise.As(this, Dtypes.Compute(to)))
            using (Rows rows = Rows.Of(x, d))
            {
                result = rows.NewColumn(x.type);
                if (x.type == ScalarType.Float64) SoftmaxRows.LogSumExp(rows.Dense.Ptr<double>(), result.Ptr<double>(), rows.Count, rows.Length);
                else Kernels.ReduceRows.LogSumExp(rows.Dense.Ptr<float>(), result.Ptr<float>(), rows.Count, (int)rows.Length);
            }
            result = Kept(result, mask, keepdim);
            if (result.type != to) result = result.to_type(to, disposeAfter: true);
            if (!Tape.Records(this)) return result;
            long[] kept = KeptShape(mask);
            return Tape.Record(result, "LogsumexpBackward", [this], [this, result], (n, g) =>
                [g.view(kept).mul(n.Saved(0).sub(n.Saved(1).view(kept)).exp())]);
        }
    }

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);
}
