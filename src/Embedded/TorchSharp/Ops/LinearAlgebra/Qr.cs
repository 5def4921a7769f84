using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>Which factors <see cref="qr"/> gives.</summary>
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        /// <summary>A = Q R with orthonormal columns in Q and R upper triangular: (m, k) and (k, n) with k = min(m, n), or complete ones.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
        {
            Batch batch = new(input, "linalg.qr");
            int m = batch.Rows, n = batch.Columns, k = mode == QRMode.Complete ? m : Math.Min(m, n);
            double[] qs = new double[batch.Count * m * k], rs = new double[batch.Count * k * n], whole = new double[m * m];
            for (int i = 0; i < batch.Count; i++)
            {
                Span<double> a = batch[i];
                Householder.Factor(a, m, n, whole);
                for (int r = 0; r < m; r++)
                    for (int c = 0; c < k; c++) qs[(i * m + r) * k + c] = whole[r * m + c];
                for (int r = 0; r < k; r++)
                    for (int c = r; c < n; c++) rs[(i * k + r) * n + c] = a[r * n + c];
            }
            Tensor right = batch.Result(rs, k, n);
            if (mode == QRMode.R)
            {
                if (Tape.Records(input)) throw new ExternalException("The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, mode='reduced') if you are going to use the output of linalg.qr in a differentiable function.");
                return (empty([0], input.type), right);
            }
            Tensor left = batch.Result(qs, m, k);
            if (!Tape.Records(input)) return (left, right);
            if (k < n || (mode == QRMode.Complete && m > n)) throw new ExternalException("The QR decomposition is not differentiable when mode='complete' and nrows > ncols, and here not for more columns than rows.");
            Tensor q = left.Hidden(), upper = right.Hidden();
            Tape.Record(left, "LinalgQrBackward", [input], [q, upper], (node, g) => [QrGradient(node.Saved(0), node.Saved(1), g, null)]);
            Tape.Record(right, "LinalgQrBackward", [input], [q, upper], (node, g) => [QrGradient(node.Saved(0), node.Saved(1), null, g)]);
            q.Dispose();
            upper.Dispose();
            return (left, right);
        }

        static Tensor QrGradient(Tensor q, Tensor r, Tensor? gq, Tensor? gr)
        {
            Tensor m = gr is not null ? r.matmul(gr.mT) : gq!.mT.matmul(q).neg();
            Tensor symmetric = m.tril().add(m.tril(-1).mT), sum = q.matmul(symmetric);
            if (gq is not null) sum = sum.add(gq);
            return solve_triangular(r.mT, sum, false, false);
        }
    }
}
