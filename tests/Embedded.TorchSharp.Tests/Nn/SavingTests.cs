using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>TorchSharp's own binary format: LEB128 counts, names, then type, shape and bytes of each tensor.</summary>
public sealed class SavingTests
{
    [Fact]
    public void A_tensor_is_written_byte_by_byte()
    {
        using DisposeScope scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Tensor t = tensor(new float[] { 1, 2 }).reshape(1, 2);
        t.Save(new BinaryWriter(stream));
        Assert.Equal<byte>([6, 2, 1, 2, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], stream.ToArray());
        stream.SetLength(0);
        zeros(300, ScalarType.Bool).Save(new BinaryWriter(stream));
        Assert.Equal<byte>([11, 1, 0xac, 2, 0], stream.ToArray()[..5]);
        Assert.Equal(304, stream.Length);
    }

    [Fact]
    public void A_tensor_is_read_from_bytes_that_were_written_by_hand()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] bytes = [4, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        Tensor read = TensorExtensionMethods.Load(new BinaryReader(new MemoryStream(bytes)));
        Assert.Equal([1L, -1L], read.data<long>().ToArray());
        Tensor skipped = TensorExtensionMethods.Load(new BinaryReader(new MemoryStream(bytes)), true);
        Assert.Equal([0L, 0L], skipped.data<long>().ToArray());
        Tensor? fresh = null;
        TensorExtensionMethods.Load(ref fresh, new BinaryReader(new MemoryStream(bytes)));
        Assert.True(fresh!.Equals(read));
        Assert.Equal("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.",
            Assert.Throws<ArgumentException>(() => zeros(2).Load(new BinaryReader(new MemoryStream(bytes)))).Message);
        Assert.Equal("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.",
            Assert.Throws<ArgumentException>(() => zeros(3, int64).Load(new BinaryReader(new MemoryStream(bytes)))).Message);
        Tensor turned = zeros(2, 2, int64).t()[0];
        turned.Load(new BinaryReader(new MemoryStream(bytes)));
        Assert.Equal([1L, -1L], turned.contiguous().data<long>().ToArray());
    }

    [Fact]
    public void A_module_is_a_count_with_names_and_tensors()
    {
        using DisposeScope scope = NewDisposeScope();
        using Linear linear = nn.Linear(1, 1);
        using (no_grad())
        {
            linear.weight.fill_(1);
            linear.bias!.fill_(2);
        }
        using var stream = new MemoryStream();
        linear.save(new BinaryWriter(stream));
        Assert.Equal<byte>([2, 6, .. "weight"u8, 6, 2, 1, 1, 0, 0, 0x80, 0x3f, 4, .. "bias"u8, 6, 1, 1, 0, 0, 0, 0x40], stream.ToArray());
        using Linear other = nn.Linear(1, 1);
        var loaded = new Dictionary<string, bool>();
        other.load(new MemoryStream(stream.ToArray()), loadedParameters: loaded);
        Assert.Equal((1f, 2f), (other.weight.item<float>(), other.bias!.item<float>()));
        Assert.Equal(["weight", "bias"], loaded.Keys);
    }

    [Fact]
    public void Skipped_and_unknown_entries_are_gone_past()
    {
        using DisposeScope scope = NewDisposeScope();
        using Sequential from = nn.Sequential(("a", nn.Linear(2, 3)), ("b", nn.Linear(3, 2)));
        using Sequential to = nn.Sequential(("b", nn.Linear(3, 2)), ("c", nn.Linear(2, 2)));
        byte[] bytes = Saved(from);
        Assert.Equal("Mismatched module state names: the target modules does not have a submodule or buffer named 'a.weight'", Assert.Throws<ArgumentException>(() => to.load(new MemoryStream(bytes))).Message);
        var loaded = new Dictionary<string, bool>();
        Tensor before = to.get_parameter("b.bias")!.clone();
        to.load(new MemoryStream(bytes), false, ["b.bias"], loaded);
        Assert.Equal([("a.weight", false), ("a.bias", false), ("b.weight", true), ("b.bias", true)], loaded.Select(l => (l.Key, l.Value)));
        Assert.True(to.get_parameter("b.weight")!.Equals(from.get_parameter("b.weight")!));
        Assert.True(to.get_parameter("b.bias")!.Equals(before));
        using Sequential small = nn.Sequential(("b", nn.Linear(3, 2)));
        Assert.Equal("Mismatched state_dict sizes: expected 2, but found 4 entries.", Assert.Throws<ArgumentException>(() => small.load(new MemoryStream(bytes))).Message);
        small.load(new MemoryStream(Saved(from, ["a.weight", "a.bias"])));
        Assert.True(small.get_parameter("b.weight")!.Equals(from.get_parameter("b.weight")!));
    }

    [Fact]
    public void Files_are_closed_behind()
    {
        using DisposeScope scope = NewDisposeScope();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using Pair a = new(), b = new();
            a.save(path);
            b.load(path);
            Assert.True(a.inner.weight.Equals(b.inner.weight));
            using var made = (Pair)nn.Module.Create<Pair>(path);
            Assert.True(made.inner.weight.Equals(a.inner.weight));
            a.inner.weight.Save(path);
            using (FileStream stream = File.OpenRead(path)) Assert.True(TensorExtensionMethods.Load(new BinaryReader(stream)).Equals(a.inner.weight));
            using (SGD sgd = optim.SGD(a.parameters(), 0.1))
            {
                sgd.save_state_dict(path);
                sgd.load_state_dict(path);
            }
            Assert.Throws<FileNotFoundException>(() => a.load(path + ".none"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    sealed class Pair : nn.Module<Tensor, Tensor>
    {
        internal readonly Linear inner = nn.Linear(2, 2);

        public Pair() : base(nameof(Pair)) => RegisterComponents();

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    static byte[] Saved(nn.Module module, IList<string>? skip = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        nn.Module.save_state_dict(writer, module.state_dict(), skip);
        return stream.ToArray();
    }
}
