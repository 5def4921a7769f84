using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The determinants of square matrices.</summary>
        public Tensor det() => linalg.det(this);

        /// <summary>The logarithms of determinants, NaN of negative ones.</summary>
        public Tensor logdet()
        {
            (Tensor sign, Tensor log) = linalg.slogdet(this);
            using (sign)
            using (log)
            using (Tensor negative = sign.lt(0))
                return log.masked_fill(negative, double.NaN);
        }
    }

    public static partial class linalg
    {
        /// <summary>The determinants of square matrices.</summary>
        public static Tensor det(Tensor input)
        {
            (Tensor sign, Tensor log, Tensor value) = Determinants(input, "linalg.det");
            sign.Dispose();
            log.Dispose();
            return Tape.Records(input)
                ? Tape.Record(value, "LinalgDetBackward", [input], [input, value], (n, g) => [Adjugate(n.Saved(0), n.Saved(1)).mul(g.unsqueeze(-1).unsqueeze(-1))])
                : value;
        }

        /// <summary>The signs of determinants and the logarithms of their magnitudes.</summary>
        public static (Tensor res, Tensor logabsdet) slogdet(Tensor input)
        {
            (Tensor sign, Tensor log, Tensor value) = Determinants(input, "linalg.slogdet");
            value.Dispose();
            if (Tape.Records(input)) Tape.Record(log, "LinalgSlogdetBackward", [input], [input], (n, g) => [inv(n.Saved(0)).mT.mul(g.unsqueeze(-1).unsqueeze(-1))]);
            return (sign, log);
        }

        /// <summary>det A times the inverse transposed; of singular matrices by their singular values, where it still exists.</summary>
        static Tensor Adjugate(Tensor a, Tensor det)
        {
            bool singular;
            using (IDisposable mode = no_grad()) singular = det.eq(0).any().item<bool>();
            if (!singular) return inv(a).mT.mul(det.unsqueeze(-1).unsqueeze(-1));
            (Tensor u, Tensor s, Tensor vh) = svd(a, false);
            Tensor others = s.Others(s.Rank - 1), sign = det_sign(u).mul(det_sign(vh));
            return u.mul(others.unsqueeze(-2)).matmul(vh).mul(sign.unsqueeze(-1).unsqueeze(-1));
        }

        static Tensor det_sign(Tensor orthogonal) => Determinants(orthogonal, "linalg.det").Sign;

        static (Tensor Sign, Tensor Log, Tensor Value) Determinants(Tensor input, string name)
        {
            Batch batch = new Batch(input, name).Square(name);
            int n = batch.Rows;
            double[] signs = new double[batch.Count], logs = new double[batch.Count], values = new double[batch.Count];
            var pivots = new int[n];
            for (int i = 0; i < batch.Count; i++)
            {
                Span<double> a = batch[i];
                Lu.Factor(a, n, n, pivots, out int sign);
                (signs[i], values[i]) = (sign, sign);
                for (int d = 0; d < n; d++)
                {
                    double pivot = a[d * n + d];
                    values[i] *= pivot;
                    signs[i] *= double.IsNaN(pivot) ? pivot : Math.Sign(pivot);
                    logs[i] += Math.Log(Math.Abs(pivot));
                }
            }
            return (batch.Result(signs), batch.Result(logs), batch.Result(values));
        }
    }

    public static Tensor det(Tensor input) => input.det();

    public static Tensor logdet(Tensor input) => input.logdet();

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => linalg.slogdet(A);
}
