using System.Diagnostics;
using TorchSharp;
using TorchSharp.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

/// <summary>What training takes from the system once it is under way: nothing.</summary>
[Collection(nameof(Alone))]
public sealed class SteadyStateTests
{
    private const int Vocabulary = 50, Width = 16, Heads = 2, Rows = 2, Length = 8;

    [Fact]
    public void Two_thousand_steps_take_no_buffer_and_leave_no_growth()
    {
        using var training = new Training(layers: 2);
        training.Run(200); // the buffers of all shapes, and the compiler's tiers
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        long taken = BufferPool.FreshBuffers, total = BufferPool.TotalBytes, live = BufferPool.LiveBytes, managed = GC.GetTotalMemory(true);
        int collections = GC.CollectionCount(2);
        long resident = Resident();
        training.Run(2000);
        Assert.Equal(collections, GC.CollectionCount(2));
        Assert.Equal(taken, BufferPool.FreshBuffers);
        Assert.Equal(total, BufferPool.TotalBytes);
        Assert.Equal(live, BufferPool.LiveBytes);
        Assert.InRange(Resident() - resident, long.MinValue, 24 << 20); // the collector's young generation comes and goes
        Assert.InRange(GC.GetTotalMemory(true) - managed, long.MinValue, 64 << 10);
    }

    [Fact]
    public void After_twenty_steps_no_buffer_is_taken_and_few_objects_are_made()
    {
        using var training = new Training(layers: 6);
        training.Run(20);
        long taken = BufferPool.FreshBuffers, allocated = GC.GetTotalAllocatedBytes(true);
        training.Run(50);
        long perStep = (GC.GetTotalAllocatedBytes(true) - allocated) / 50;
        Assert.Equal(taken, BufferPool.FreshBuffers);
        Assert.InRange(perStep, 1, 120_000); // handles, shapes and nodes of the graph
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>A transformer of XLM-R's form, written as its users write it, and a training step.</summary>
    private sealed class Training : IDisposable
    {
        private readonly Embedding _words = nn.Embedding(Vocabulary, Width), _positions = nn.Embedding(Length, Width);
        private readonly LayerNorm _norm = nn.LayerNorm(Width);
        private readonly (Linear Q, Linear K, Linear V, Linear O, Linear In, Linear Out, LayerNorm First, LayerNorm Second)[] _layers;
        private readonly Parameter _bias = nn.Parameter(zeros(Vocabulary));
        private readonly List<Parameter> _parameters;
        private readonly AdamW _optimizer;
        private readonly Tensor _ids = randint(Vocabulary, [Rows, Length]), _places = arange(Length).expand(Rows, Length).contiguous(), _mask = zeros(Rows, 1, 1, Length);

        internal Training(int layers)
        {
            manual_seed(1);
            _layers = [.. Enumerable.Range(0, layers).Select(_ => (nn.Linear(Width, Width), nn.Linear(Width, Width), nn.Linear(Width, Width), nn.Linear(Width, Width),
                nn.Linear(Width, 4 * Width), nn.Linear(4 * Width, Width), nn.LayerNorm(Width), nn.LayerNorm(Width)))];
            nn.Module[] modules = [_words, _positions, _norm, .. _layers.SelectMany(l => new nn.Module[] { l.Q, l.K, l.V, l.O, l.In, l.Out, l.First, l.Second })];
            _parameters = [.. modules.SelectMany(m => m.parameters()), _bias];
            _optimizer = optim.AdamW(_parameters, 1e-3);
        }

        internal void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                using DisposeScope scope = NewDisposeScope();
                _optimizer.zero_grad();
                F.cross_entropy(Logits().view(-1, Vocabulary), _ids.view(-1)).backward();
                nn.utils.clip_grad_norm_(_parameters, 1);
                _optimizer.step();
            }
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            foreach (Parameter parameter in _parameters)
                parameter.Dispose();
            _ids.Dispose();
            _places.Dispose();
            _mask.Dispose();
        }

        private Tensor Logits()
        {
            Tensor x = F.dropout(_norm.call(_words.call(_ids) + _positions.call(_places)), 0.1);
            foreach (var layer in _layers)
            {
                Tensor Split(Linear projection) => projection.call(x).view(Rows, Length, Heads, Width / Heads).transpose(1, 2);
                Tensor context = F.scaled_dot_product_attention(Split(layer.Q), Split(layer.K), Split(layer.V), _mask, 0.1).transpose(1, 2).contiguous().view(Rows, Length, Width);
                x = layer.First.call(x + F.dropout(layer.O.call(context), 0.1));
                x = layer.Second.call(x + F.dropout(layer.Out.call(F.gelu(layer.In.call(x))), 0.1));
            }

            return F.linear(x, _words.weight!, _bias);
        }
    }
}
