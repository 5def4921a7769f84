namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>Derivatives of functions.</summary>
        public static class functional
        {
            /// <summary>All partial derivatives, of shape (output's, input's).</summary>
            public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs)
            {
                using IDisposable mode = enable_grad();
                Tensor x = inputs.detach().requires_grad_();
                return Of(function(x), [x])[0];
            }

            /// <summary>As for one output, for each of several.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor, Tensor[]> function, Tensor inputs)
            {
                using IDisposable mode = enable_grad();
                Tensor x = inputs.detach().requires_grad_();
                return function(x).Select(y => Of(y, [x])[0]).ToArray();
            }

            /// <summary>As for one input, for each of several.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs)
            {
                using IDisposable mode = enable_grad();
                Tensor[] x = Array.ConvertAll(inputs, t => t.detach().requires_grad_());
                return Of(function(x), x);
            }

            /// <summary>For each output, the derivatives by each input.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor[]> function, params Tensor[] inputs)
            {
                using IDisposable mode = enable_grad();
                Tensor[] x = Array.ConvertAll(inputs, t => t.detach().requires_grad_());
                return function(x).SelectMany(y => Of(y, x)).ToArray();
            }

            /// <summary>One backward pass for each element of the output.</summary>
            static Tensor[] Of(Tensor y, Tensor[] x)
            {
                var result = Array.ConvertAll(x, t => torch.zeros([y.Count, .. t.sizes], t.type));
                if (!y.requires_grad) return Array.ConvertAll(result, r => r.view([.. y.sizes, .. r.sizes[1..]]));
                for (long i = 0; i < y.Count; i++)
                {
                    using Tensor seed = torch.zeros(y.Count, y.type);
                    using (no_grad())
                    {
                        using Tensor one = seed[i];
                        one.fill_(1);
                    }

                    IList<Tensor> rows = grad([y], x, [seed.view(y.sizes)], retain_graph: true, allow_unused: true);
                    for (int k = 0; k < x.Length; k++)
                    {
                        if (rows[k] is null) continue;
                        using (no_grad())
                        using (Tensor row = result[k][i]) row.copy_(rows[k]);
                        rows[k].Dispose();
                    }
                }

                return Array.ConvertAll(result, r => r.view([.. y.sizes, .. r.sizes[1..]]));
            }
        }
    }
}
