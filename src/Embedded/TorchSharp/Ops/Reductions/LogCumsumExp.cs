using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Running ln(sum e^x) along a dimension.</summary>
        public Tensor logcumsumexp(long dim)
        {
            int d = Shapes.Dim(dim, Rank);
            if (!Dtypes.IsFloating(type)) throw new ExternalException($"\"logcumsumexp_out_cpu\" not implemented for '{Names.Of(type)}'");
            Tensor result = Running.LogSumExp(this, d);
            if (!Tape.Records(this)) return result;
            return Tape.Record(result, "LogcumsumexpBackward", [this], [this, result], (n, g) =>
            {
                // e^x times the sum of g e^-y over what is behind; its positive and negative parts by their logarithms.
                Tensor x = n.Saved(0), y = n.Saved(1);
                return [Part(g.clamp_min(0.0)).sub(Part(g.neg().clamp_min(0.0)))];

                Tensor Part(Tensor weight) => Reversed(Reversed(weight.log().sub(y), d).logcumsumexp(d), d).add(x).exp();
            });
        }
    }

    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);
}
