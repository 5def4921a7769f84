using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class AttentionTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 4, false)]
    [InlineData(2, 3, 17, 17, 8, true)]
    [InlineData(1, 2, 70, 33, 32, true)]
    [InlineData(2, 2, 32, 32, 64, false)]
    public void Equals_the_formula_forward_and_backward(int batch, int heads, int queries, int keys, int dim, bool masked)
    {
        var shape = new AttentionShape(batch, heads, queries, keys, dim, AttentionShape.DefaultScale(dim));
        using var t = new Data(shape, masked);
        using var o = KernelSettings.SameEverywhere(() => t.Forward(shape));
        using var gradients = KernelSettings.SameEverywhere(() => t.Backward(shape));
        for (int b = 0; b < batch; b++)
        {
            for (int h = 0; h < heads; h++)
                Check(shape, t, o, gradients, b, h);
        }
    }

    [Fact]
    public void Padded_keys_change_no_bit_and_a_row_without_keys_is_zero()
    {
        var full = new AttentionShape(1, 2, 9, 50, 16, 0.25f);
        using var t = new Data(full, masked: true);
        for (int j = 37; j < 50; j++)
            t.Mask.Span[j] = float.NegativeInfinity;
        var cut = full with { Keys = 37 };
        KernelSettings.Everywhere(() =>
        {
            using var a = t.Forward(full);
            using var b = t.Forward(cut);
            a.ShouldEqualBits(b);
        });
        t.Mask.Span.Fill(float.NegativeInfinity);
        using var none = t.Forward(full);
        Assert.All(none.Span.ToArray(), x => Assert.Equal(0f, x));
        using var gradients = t.Backward(full);
        Assert.All(gradients.Span.ToArray(), x => Assert.Equal(0f, x));
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_its_gradient_is_that_of_the_same_mask()
    {
        var shape = new AttentionShape(2, 2, 20, 40, 8, 0.3f, Dropout: 0.25f, Seed: 7, Offset: 3);
        using var t = new Data(shape, masked: false);
        using var o = KernelSettings.SameEverywhere(() => t.Forward(shape));
        using var gradients = KernelSettings.SameEverywhere(() => t.Backward(shape));

        // The gradient of sum(dO o) by v, element by element: o is linear in v.
        double before = Dot(o, t.DO);
        for (int i = 0; i < 8; i++)
        {
            float kept = t.V[i * 77];
            t.V.Span[i * 77] = kept + 1f;
            using var moved = t.Forward(shape);
            t.V.Span[i * 77] = kept;
            Assert.Equal(Dot(moved, t.DO) - before, gradients[t.Q.Count + t.K.Count + (i * 77)], 4);
        }

        // And by q, by a small step.
        float q = t.Q[5];
        t.Q.Span[5] = q + 0.01f;
        using var up = t.Forward(shape);
        t.Q.Span[5] = q - 0.01f;
        using var down = t.Forward(shape);
        t.Q.Span[5] = q;
        Assert.Equal((Dot(up, t.DO) - Dot(down, t.DO)) / 0.02, gradients[5], 3);
    }

    private static void Check(AttentionShape s, Data t, Floats o, Floats gradients, int b, int h)
    {
        int d = s.Dim;
        int At(int i, int row, int rows) => (((((b * rows) + row) * s.Heads) + h) * d) + i; // (B, L, H, D)
        var dk = new double[s.Keys * d];
        var dv = new double[s.Keys * d];
        for (int i = 0; i < s.Queries; i++)
        {
            var p = new double[s.Keys];
            for (int j = 0; j < s.Keys; j++)
            {
                for (int e = 0; e < d; e++)
                    p[j] += (double)t.Q[At(e, i, s.Queries)] * t.K[At(e, j, s.Keys)];
                p[j] = Math.Exp((p[j] * s.Scale) + t.Mask[t.Masked ? (b * s.Keys) + j : 0]);
            }

            double sum = p.Sum(), delta = 0;
            var dp = new double[s.Keys];
            for (int j = 0; j < s.Keys; j++)
            {
                p[j] /= sum;
                for (int e = 0; e < d; e++)
                    dp[j] += (double)t.DO[At(e, i, s.Queries)] * t.V[At(e, j, s.Keys)];
                delta += p[j] * dp[j];
            }

            for (int e = 0; e < d; e++)
            {
                double value = 0, dq = 0;
                for (int j = 0; j < s.Keys; j++)
                {
                    double ds = p[j] * (dp[j] - delta) * s.Scale;
                    value += p[j] * t.V[At(e, j, s.Keys)];
                    dq += ds * t.K[At(e, j, s.Keys)];
                    dk[(j * d) + e] += ds * t.Q[At(e, i, s.Queries)];
                    dv[(j * d) + e] += p[j] * t.DO[At(e, i, s.Queries)];
                }

                Assert.Equal(value, o[At(e, i, s.Queries)], 1e-5);
                Assert.Equal(dq, gradients[At(e, i, s.Queries)], 1e-5);
            }
        }

        for (int j = 0; j < s.Keys; j++)
        {
            for (int e = 0; e < d; e++)
            {
                Assert.Equal(dk[(j * d) + e], gradients[t.Q.Count + At(e, j, s.Keys)], 1e-5);
                Assert.Equal(dv[(j * d) + e], gradients[t.Q.Count + t.K.Count + At(e, j, s.Keys)], 1e-5);
            }
        }
    }

    private static double Dot(Floats a, Floats b)
    {
        double sum = 0;
        for (int i = 0; i < a.Count; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>Inputs laid out (B, L, H, D) and a mask (B, 1, 1, Lk).</summary>
    private sealed class Data(AttentionShape s, bool masked) : IDisposable
    {
        private readonly int _keys = s.Keys;

        internal bool Masked => masked;

        internal Floats Q { get; } = new(s.Batch * s.Queries * s.Heads * s.Dim, 1);

        internal Floats K { get; } = new(s.Batch * s.Keys * s.Heads * s.Dim, 2);

        internal Floats V { get; } = new(s.Batch * s.Keys * s.Heads * s.Dim, 3);

        internal Floats DO { get; } = new(s.Batch * s.Queries * s.Heads * s.Dim, 4);

        internal Floats Mask { get; } = Zeroed(new Floats(s.Batch * s.Keys, 5), masked);

        internal Floats Forward(AttentionShape shape, Floats? lse = null)
        {
            var o = new Floats(Q.Count);
            Attention.Forward(shape, View(Q, shape.Queries), View(K, _keys), View(V, _keys), MaskOf(), View(o, shape.Queries), lse is null ? null : lse.Pointer);
            return o;
        }

        internal Floats Backward(AttentionShape shape)
        {
            using var lse = new Floats(shape.Batch * shape.Heads * shape.Queries);
            using var o = Forward(shape, lse);
            var g = new Floats(Q.Count + K.Count + V.Count);
            Attention.Backward(shape, View(Q, shape.Queries), View(K, _keys), View(V, _keys), MaskOf(), lse, View(DO, shape.Queries), View(g, shape.Queries), View(g, _keys, Q.Count), View(g, _keys, Q.Count + K.Count));
            return g;
        }

        public void Dispose()
        {
            foreach (var floats in new[] { Q, K, V, DO, Mask })
                floats.Dispose();
        }

        private static Floats Zeroed(Floats mask, bool keep)
        {
            if (!keep)
                mask.Span.Clear();
            return mask;
        }

        private MaskView MaskOf() => masked ? new MaskView(Mask, _keys, 0, 0, 1) : default;

        private HeadView View(Floats x, int rows, int offset = 0) => new(x.Pointer + offset, (nint)rows * s.Heads * s.Dim, s.Dim, s.Heads * s.Dim);
    }
}
