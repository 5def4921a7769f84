using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Each element limited to a range.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            if (min is null && max is null) throw new ExternalException("torch.clamp: At least one of 'min' or 'max' must not be None");
            ScalarType t = type;
            if (min is not null) t = Dtypes.Result(this, min);
            if (max is not null) t = Dtypes.Promote(t, Dtypes.Result(this, max));
            using Tensor? low = min is null ? null : Numbers.Of(min, t), high = max is null ? null : Numbers.Of(max, t);
            using Tensor? above = low is not null && high is not null ? Elementwise.Binary<MaxOperator>(this, low, t) : null;
            Tensor result = high is not null
                ? Elementwise.Binary<MinOperator>(above ?? this, high, t)
                : Elementwise.Binary<MaxOperator>(this, low!, t);
            if (!Tape.Records(this)) return result;
            return Tape.Record(result, "ClampBackward", [this], [this], (n, g) =>
            {
                Tensor x = n.Saved(0);
                Tensor inside = min is null ? x.le(max!) : max is null ? x.ge(min) : x.ge(min).logical_and(x.le(max));
                return [g.mul(inside.to_type(g.type))];
            });
        }

        /// <summary>Each element limited by those of other tensors; where the limits cross, the upper one.</summary>
        public Tensor clamp(Tensor? min = null, Tensor? max = null)
        {
            if (min is null && max is null) throw new ExternalException("torch.clamp: At least one of 'min' or 'max' must not be None");
            if (min is null) return ClampedTo<MinOperator>(max!, "ClampMaxBackward", static (x, limit) => x.le(limit));
            if (max is null) return ClampedTo<MaxOperator>(min, "ClampMinBackward", static (x, limit) => x.ge(limit));
            ScalarType to = Dtypes.Promote(Dtypes.Result(this, min), Dtypes.Result(this, max));
            Tensor result;
            using (Tensor above = Elementwise.Binary<MaxOperator>(this, min, to)) result = Elementwise.Binary<MinOperator>(above, max, to);
            if (!Tape.Records(this, min, max)) return result;
            long[] a = sizes, b = min.sizes, c = max.sizes;
            return Tape.Record(result, "ClampBackward", [this, min, max], [this, min, max], (n, g) =>
            {
                Tensor x = n.Saved(0), low = n.Saved(1), high = n.Saved(2);
                return
                [
                    n.Needs(0) ? Tape.SumTo(g.masked_fill(x.ge(low).logical_and(x.le(high)).logical_not(), 0.0), a) : null,
                    n.Needs(1) ? Tape.SumTo(g.masked_fill(x.lt(low).logical_and(low.lt(high)).logical_not(), 0.0), b) : null,
                    n.Needs(2) ? Tape.SumTo(g.masked_fill(x.gt(high).logical_or(high.lt(low)).logical_not(), 0.0), c) : null,
                ];
            });
        }

        Tensor ClampedTo<TOp>(Tensor limit, string name, Func<Tensor, Tensor, Tensor> inside) where TOp : struct, IBinaryOperator
        {
            Tensor result = Elementwise.Binary<TOp>(this, limit, Dtypes.Result(this, limit));
            if (!Tape.Records(this, limit)) return result;
            long[] a = sizes, b = limit.sizes;
            return Tape.Record(result, name, [this, limit], [this, limit], (n, g) =>
            {
                Tensor kept = inside(n.Saved(0), n.Saved(1));
                return [n.Needs(0) ? Tape.SumTo(g.masked_fill(kept.logical_not(), 0.0), a) : null, n.Needs(1) ? Tape.SumTo(g.masked_fill(kept, 0.0), b) : null];
            });
        }

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Replace(clamp(min, max));

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Replace(clamp(min, max));

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        public Tensor clamp_max(Scalar max) => clamp((Scalar?)null, max);

        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar?)null);

        public Tensor clamp_max_(Scalar max) => clamp_((Scalar?)null, max);
    }

    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp_(min, max);

    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp_(min, max);

    public static Tensor clip(Tensor input, Scalar? min = null, Scalar? max = null) => input.clip(min, max);

    public static Tensor clamp_min(Tensor input, Scalar min) => input.clamp_min(min);

    public static Tensor clamp_max(Tensor input, Scalar max) => input.clamp_max(max);

    public static Tensor clamp_min_(Tensor input, Scalar min) => input.clamp_min_(min);

    public static Tensor clamp_max_(Tensor input, Scalar max) => input.clamp_max_(max);
}
