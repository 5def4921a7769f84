using TorchSharp;
using TorchSharp.Core;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

/// <summary>
/// The engine uses its own tensors and buffers again. Nobody may notice: what a user has had in hands stays what it was, or
/// disposed, for ever.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RecyclingTests
{
    private const int Width = 6, Rounds = 120;

    /// <summary>Tensors that a user was given, with what they were then.</summary>
    private sealed class Hands
    {
        private readonly List<(Tensor Tensor, nint Handle, float[] Values)> _kept = [];
        private readonly List<Tensor> _disposed = [];

        internal int Count => _kept.Count + _disposed.Count;

        internal Tensor Keep(Tensor tensor)
        {
            tensor.DetachFromDisposeScope();
            _kept.Add((tensor, tensor.Handle, Values(tensor)));
            return tensor;
        }

        internal void Drop(Tensor tensor)
        {
            tensor.Dispose();
            _disposed.Add(tensor);
        }

        internal void Check()
        {
            foreach (var (tensor, handle, values) in _kept)
            {
                Assert.Equal(handle, tensor.Handle);
                Assert.Equal(values, Values(tensor));
            }

            Assert.All(_disposed, t => Assert.True(t.IsInvalid));
            HashSet<Tensor> objects = new(ReferenceEqualityComparer.Instance);
            Assert.All(_kept.Select(k => k.Tensor).Concat(_disposed), t => Assert.True(objects.Add(t)));
        }

        internal void End()
        {
            foreach (var (tensor, _, _) in _kept) tensor.Dispose();
        }
    }

    private static float[] Values(Tensor tensor)
    {
        using Tensor detached = tensor.detach(), dense = detached.contiguous();
        return dense.data<float>().ToArray();
    }

    /// <summary>A random graph over a weight and a row of inputs; every tensor on the way passes <paramref name="seen"/>.</summary>
    private static Tensor Graph(Random random, Tensor x, Tensor w, Action<Tensor> seen)
    {
        int depth = random.Next(1, 7);
        for (int i = 0; i < depth; i++)
        {
            x = random.Next(9) switch
            {
                0 => F.linear(x, w),
                1 => F.gelu(x),
                2 => x + x.transpose(0, 1),
                3 => x.reshape(-1).view(Width, Width).t(),
                4 => F.layer_norm(x.contiguous(), [Width]),
                5 => x * x.sum(0),
                6 => x.unsqueeze(0).expand(2, Width, Width).mean([0L]),
                7 => x.softmax(1) - x,
                _ => x.clone().add_(w),
            };
            seen(x);
        }

        return x.square().mean();
    }

    private static Tensor Leaf(Random random) => tensor(Enumerable.Range(0, Width * Width).Select(_ => (float)random.NextDouble() - 0.5f).ToArray(), [Width, Width]).requires_grad_();

    [Fact]
    public void What_a_user_holds_or_has_disposed_stays_so_whatever_steps_follow()
    {
        var hands = new Hands();
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Leaf(random), w = Leaf(random);
            Tensor loss = Graph(random, x, w, Hand);
            switch (random.Next(4))
            {
                case 0:
                    loss.backward(retain_graph: true);
                    if (w.grad is { } first) Hand(first.clone()); // the next pass adds to the gradient itself
                    loss.backward();
                    break;
                case 1:
                    foreach (Tensor? g in autograd.grad([loss], [x, w], retain_graph: true, create_graph: true, allow_unused: true))
                    {
                        if (g is null) continue;
                        Hand(g.alias());
                        if (g.requires_grad) g.square().sum().backward(retain_graph: true);
                    }

                    break;
                case 2:
                    w.grad = Leaf(random).detach();
                    loss.backward();
                    break;
                default:
                    loss.backward();
                    break;
            }

            if (w.grad is { } gradient)
            {
                Hand(gradient);
                w.grad = null; // the engine's own goes; what was handed out is another window
                Hand(x.grad ?? ones(2));
            }

            if (round % 10 == 9) hands.Check();

            void Hand(Tensor t)
            {
                if (random.Next(3) == 0) hands.Keep(t.detach());
                else if (random.Next(2) == 0) hands.Drop(t.alias());
            }
        }

        Assert.True(hands.Count > Rounds);
        hands.Check();
        hands.End();
    }

    [Fact]
    public void Gradients_do_not_depend_on_what_was_recycled_before()
    {
        float[][] Run(Action disturb) => [.. Enumerable.Range(0, 40).SelectMany(seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            var random = new Random(seed);
            Tensor x = Leaf(random), w = Leaf(random);
            Tensor loss = Graph(random, x, w, _ => { });
            disturb();
            loss.backward(retain_graph: seed % 2 == 0);
            disturb();
            if (seed % 2 == 0) loss.backward();
            return new[] { x.grad, w.grad }.Where(g => g is not null).Select(g => Values(g!)).ToArray();
        })];

        float[][] alone = Run(() => { });
        int other = 1000;
        float[][] disturbed = Run(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            var random = new Random(other++);
            Tensor x = Leaf(random), w = Leaf(random);
            Graph(random, x, w, _ => { }).backward();
        });
        Assert.Equal(alone, disturbed);
    }

    /// <summary>x^2, whose backward pass keeps all that it meets, fails when told to, and gives what it was given.</summary>
    private sealed class Collector : autograd.SingleTensorFunction<Collector>
    {
        internal static readonly List<Tensor> Met = [];
        internal static bool Fails { get; set; }

        public override string Name => nameof(Collector);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ((Tensor)vars[0]).square();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            if (Fails) throw new InvalidOperationException("told to");
            Tensor x = ctx.get_saved_variables()[0], result = grad_output * x * 2;
            Met.AddRange([x, grad_output, result]);
            return [result];
        }
    }

    [Fact]
    public void What_a_users_function_was_given_and_gave_is_never_used_again()
    {
        Collector.Met.Clear();
        for (int round = 0; round < 50; round++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = Leaf(new Random(round));
            Collector.apply(x.mul(1)).sum().backward();
            Assert.Equal(Values(x * 2), Values(x.grad!));
        }

        Assert.Equal(150, Collector.Met.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(Collector.Met, t => Assert.True(t.IsInvalid));
    }

    [Fact]
    public void A_backward_pass_that_fails_leaves_nothing_that_a_later_one_could_meet()
    {
        using DisposeScope scope = NewDisposeScope();
        for (int round = 0; round < 20; round++)
        {
            Tensor x = Leaf(new Random(round)), y = Collector.apply(F.gelu(x).mul(1)), loss = y.sum() + x.exp().sum();
            Collector.Fails = true;
            try
            {
                Assert.Throws<InvalidOperationException>(() => loss.backward(retain_graph: true));
            }
            finally
            {
                Collector.Fails = false;
            }

            Tensor z = Leaf(new Random(round));
            (F.gelu(z).square().sum() + z.exp().sum()).backward();
            x.grad = null;
            loss.backward();
            Assert.True(x.grad!.allclose(z.grad!));
        }
    }

    [Fact]
    public void Buffers_that_are_rented_and_let_go_on_many_threads_have_one_owner_each()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers(); // what other tests left
        long before = TensorBuffer.LiveCount;
        var passed = new System.Collections.Concurrent.ConcurrentQueue<(Tensor Tensor, long Mark)>();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 3000; i++)
            {
                long mark = ((long)worker << 32) + i;
                passed.Enqueue((full(random.Next(1, 40), mark, ScalarType.Int64), mark));
                if (!passed.TryDequeue(out var taken)) continue;
                Assert.All(taken.Tensor.data<long>().ToArray(), v => Assert.Equal(taken.Mark, v));
                taken.Tensor.Dispose();
            }
        });
        while (passed.TryDequeue(out var rest)) rest.Tensor.Dispose();
        Assert.Equal(before, TensorBuffer.LiveCount);
    }
}
