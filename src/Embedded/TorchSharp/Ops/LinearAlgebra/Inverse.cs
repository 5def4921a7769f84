using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The inverses of square matrices.</summary>
        public Tensor inverse() => linalg.inv(this);
    }

    public static partial class linalg
    {
        /// <summary>The inverses of square matrices.</summary>
        public static Tensor inv(Tensor input) => Inverted(input, "linalg.inv", true, out _);

        /// <summary>The inverses, and for each the first zero pivot (int32), 0 where there is none.</summary>
        public static (Tensor L, Tensor info) inv_ex(Tensor input, bool check_errors = false)
        {
            Tensor inverse = Inverted(input, "linalg.inv_ex", check_errors, out int[] info);
            return (inverse, Infos(input, info));
        }

        internal static Tensor Infos(Tensor input, int[] info) => tensor(info, input.sizes.AsSpan(0, input.Rank - 2), ScalarType.Int32);

        static Tensor Inverted(Tensor input, string name, bool check, out int[] info)
        {
            Batch batch = new Batch(input, name).Square(name);
            int n = batch.Rows;
            var result = new double[batch.Data.Length];
            var pivots = new int[n];
            info = new int[batch.Count];
            for (int i = 0; i < batch.Count; i++)
            {
                Span<double> to = result.AsSpan(i * n * n, n * n);
                for (int d = 0; d < n; d++) to[d * n + d] = 1;
                info[i] = Lu.Factor(batch[i], n, n, pivots, out _);
                if (info[i] != 0 && check)
                    throw new ExternalException($"{name}: {batch.Place(i)}The diagonal element {info[i]} is zero, the inversion could not be completed because the input matrix is singular.");
                Lu.Solve(batch[i], n, pivots, to, n);
            }
            Tensor inverse = batch.Result(result, n, n);
            return Tape.Records(input)
                ? Tape.Record(inverse, "LinalgInvExBackward", [input], [inverse], (node, g) => [node.Saved(0).mT.matmul(g).matmul(node.Saved(0).mT).neg()])
                : inverse;
        }
    }

    public static Tensor inverse(Tensor input) => input.inverse();
}
