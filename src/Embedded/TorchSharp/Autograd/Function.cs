using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A function with a gradient of one's own; T is the class that derives from it.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            internal static T Instance { get; } = new();

            /// <summary>What errors call the function.</summary>
            public abstract string Name { get; }

            /// <summary>Runs the forward pass unrecorded, and puts its outputs in the graph behind the tensors among <paramref name="vars"/>.</summary>
            public static List<Tensor> apply_internal(params object[] vars)
            {
                ArgumentNullException.ThrowIfNull(vars);
                var context = new AutogradContext();
                Tensor[] inputs = vars.OfType<Tensor>().Where(t => !t.IsInvalid).ToArray();
                bool records = GradMode.Enabled && inputs.Any(t => t.requires_grad);
                List<Tensor> outputs;
                using (no_grad()) outputs = Instance.Forward(context, vars);
                if (!records) return outputs;
                for (int i = 0; i < outputs.Count; i++)
                    if (inputs.Any(t => ReferenceEquals(t, outputs[i])) && !context.Dirty.Contains(outputs[i], ReferenceEqualityComparer.Instance)) outputs[i] = outputs[i].detach();
                Join(context, vars, inputs, outputs);
                return outputs;
            }

            /// <summary>One node for the function; each output hands its gradient over through a node of its own.</summary>
            static void Join(AutogradContext context, object[] vars, Tensor[] inputs, List<Tensor> outputs)
            {
                long[][] shapes = outputs.Select(t => t.shape).ToArray();
                ScalarType[] types = outputs.Select(t => t.dtype).ToArray();
                var arrived = new Tensor?[outputs.Count];
                using Tensor joint = Tensor.Create([0], ScalarType.Float32, false);
                joint.SetPlace(new Node(Instance.Name, (_, _) =>
                {
                    List<Tensor> gradients = [];
                    for (int i = 0; i < arrived.Length; i++)
                    {
                        gradients.Add(arrived[i] ?? (context.MaterializeGrads ? zeros(shapes[i], types[i]) : null!));
                        if (arrived[i] is { } g && DisposeScopeManager.ThreadSingleton.Current is { } scope) scope.Attach((IDisposable)g);
                        arrived[i] = null;
                    }

                    return Given(vars, Instance.Backward(context, gradients));
                }, inputs, context.Chosen, joint));
                context.Node = joint.gradNode!;
                context.Node.IsForeign = true;
                for (int i = 0; i < outputs.Count; i++)
                {
                    int number = i;
                    if (context.NonDifferentiable.Contains(outputs[i], ReferenceEqualityComparer.Instance) || !outputs[i].is_floating_point()) continue;
                    Tape.Record(outputs[i], Instance.Name, [joint], [], (_, g) =>
                    {
                        arrived[number] = g.Twin();
                        return [Tape.Zeros(zeros(0))];
                    });
                }
            }

            /// <summary>The gradients of the tensors among the arguments.</summary>
            static Tensor?[] Given(object[] vars, List<Tensor> gradients)
            {
                if (gradients.Count < vars.Length || gradients.Skip(vars.Length).Any(g => g is { IsInvalid: false }))
                    throw new NotImplementedException($"Function {Instance.Name} returned an incorrect number of gradients (expected {vars.Length}), got {gradients.Count}");
                List<Tensor?> result = [];
                for (int i = 0; i < vars.Length; i++)
                {
                    if (vars[i] is Tensor) result.Add(gradients[i] is { IsInvalid: false } g ? g : null);
                    else if (gradients[i] is { IsInvalid: false })
                        throw new NotImplementedException($"Function {Instance.Name} returned a gradient different that is defined at position {i + 1}, but the corresponding forward input was not a Tensor");
                }

                return [.. result];
            }

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext ctx, List<Tensor> gradients);
        }
    }
}
