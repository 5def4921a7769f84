using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Each element moved towards <paramref name="end"/> by the part <paramref name="weight"/> of the way.</summary>
        public Tensor lerp(Tensor end, Tensor weight)
        {
            if (type != end.type) throw new ExternalException($"expected dtype {Names.InWords(type)} for `end` but got dtype {Names.InWords(end.type)}");
            if (type != weight.type) throw new ExternalException($"expected dtype {Names.InWords(type)} for `weight` but got dtype {Names.InWords(weight.type)}");
            using DisposeScope scope = NewDisposeScope();
            Tensor result;
            using (IDisposable mode = no_grad())
            {
                // From the nearer end, so that both ends are met exactly.
                Tensor way = end.sub(this);
                result = torch.where(weight.abs().lt(0.5), add(weight.mul(way)), end.sub(way.mul(weight.neg().add(1))));
            }
            if (Tape.Records(this, end, weight))
            {
                long[] a = sizes, b = end.sizes, c = weight.sizes;
                Tape.Record(result, "LerpBackward", [this, end, weight], [this, end, weight], (n, g) =>
                [
                    n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(2).neg().add(1)), a) : null,
                    n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(2)), b) : null,
                    n.Needs(2) ? Tape.SumTo(g.mul(n.Saved(1).sub(n.Saved(0))), c) : null,
                ]);
            }
            return scope.MoveToOuter(result);
        }

        public Tensor lerp_(Tensor end, Tensor weight) => Replace(lerp(end, weight));
    }

    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);
}
