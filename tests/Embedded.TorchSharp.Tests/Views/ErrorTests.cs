using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Views;

/// <summary>What is wrong is said in libtorch's words.</summary>
public sealed class ErrorTests
{
    static readonly Dictionary<string, Func<Tensor, object>> Cases = new()
    {
        ["index_select(): Index is supposed to be a vector"] = x => x.index_select(0, from_array(new long[,] { { 1 } })),
        ["index out of range in self"] = x => x.index_select(0, tensor(new[] { 5L })),
        ["index 5 is out of bounds for dimension 0 with size 3"] = x => x.gather(0, from_array(new long[,] { { 5 } })),
        ["index -1 is out of bounds for dimension 1 with size 4"] = x => x.gather(1, from_array(new long[,] { { -1 } })),
        ["Index tensor must have the same number of dimensions as input tensor"] = x => x.gather(0, tensor(new[] { 1L })),
        ["Size does not match at dimension 1 expected index [1, 5] to be no larger than self [3, 4] apart from dimension 0"] = x => x.gather(0, zeros(1, 5, int64)),
        ["scatter(): Expected self.dtype to be equal to src.dtype"] = x => x.scatter(0, zeros(1, 1, int64), x.@double()),
        ["Expected index [4, 4] to be no larger than self [3, 4] apart from dimension 0"] = x => x.scatter(0, zeros(4, 4, int64), x),
        ["Index tensor must have the same number of dimensions as self tensor"] = x => x.scatter_add(0, tensor(new[] { 1L }), x),
        ["index 7 is out of bounds for dimension 1 with size 4"] = x => x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { 7L }))],
        ["index -4 is out of bounds for dimension 0 with size 3"] = x => x[tensor(new[] { -4L })],
        ["tensors used as indices must be long, int, byte or bool tensors"] = x => x[tensor(new[] { 1f })],
        ["too many indices for tensor of dimension 2"] = x => x[0, 0, 0],
        ["index 3 is out of bounds for dimension 0 with size 3"] = x => x[3],
        ["invalid index of a 0-dim tensor."] = x => x.sum()[0],
        ["step must be greater than zero"] = x => x[TensorIndex.Slice(null, null, -1)],
        ["The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [3, 4] at index 0"] = x => x[tensor(new[] { true, false })],
        ["shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]"] = x => x[tensor(new[] { 0L, 1 }), tensor(new[] { 0L, 1, 2 })],
        ["shape mismatch: value tensor of shape [3, 4] cannot be broadcast to indexing result of shape [2, 4]"] = x => x.index_put_(ones(3, 4), tensor(new[] { 0L, 1 })),
        ["Index put requires the source and destination dtypes match, got Float for the destination and Double for the source."] = x => x.index_put_(ones(4, float64), tensor(new[] { 0L, 1 })),
        ["index_add_(): Number of indices (1) should be equal to source.size(dim): (3), for dim: 0"] = x => x.index_add(0, tensor(new[] { 0L }), x, 1),
        ["index_add_(): self (Float) and source (Double) must have the same scalar type"] = x => x.index_add(0, tensor(new[] { 0L }), ones(1, 4, float64), 1),
        ["index_copy_(): index 5 is out of bounds for dimension 0 with size 3"] = x => x.index_copy(0, tensor(new[] { 5L }), ones(1, 4)),
        ["index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: 4 at dimension 0 and source slice shape: 3 at dimension 0."] = x => x.index_copy(0, tensor(new[] { 0L }), ones(1, 3)),
        ["Index has to be a vector/scalar"] = x => x.index_fill(0, zeros(1, 1, int64), 1),
        ["out of range: tried to access index 20 on a tensor of 12 elements."] = x => x.take(tensor(new[] { 20L })),
        ["torch.take_along_dim(): input and indices should have the same number of dimensions, but got 2 dimensions for input, and 1 dimensions for indices"] = x => x.take_along_dim(tensor(new[] { 1L }), 0),
        ["expected src to have a size equal to the slice of self. src size = [3], slice size = [4]"] = x => x.select_scatter(ones(3), 0, 1),
        ["Number of elements of source < number of ones in mask"] = x => x.masked_scatter(x.ge(0), ones(2)),
        ["masked_select: expected BoolTensor for mask"] = x => x.masked_select(x),
        ["expand(torch.FloatTensor{[3, 4]}, size=[5]): the number of sizes provided (1) must be greater or equal to the number of dimensions in the tensor (2)"] = x => x.expand(5),
        ["The expanded size of the tensor (5) must match the existing size (3) at non-singleton dimension 0.  Target sizes: [5, 4].  Tensor sizes: [3, 4]"] = x => x.expand(5, 4),
        ["The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0"] = x => x.expand(-1, 3, 4),
        ["shape '[5]' is invalid for input of size 12"] = x => x.view(5),
        ["only one dimension can be inferred"] = x => x.view(-1, -1),
        ["invalid shape dimension -2"] = x => x.view(-2, 6),
        ["cannot reshape tensor of 0 elements into shape [-1, 0] because the unspecified dimension size -1 can be any value and is ambiguous"] = _ => ones(0).view(-1, 0),
        ["view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead."] = x => x.t().view(12),
        ["Dimension out of range (expected to be in range of [-3, 2], but got 4)"] = x => x.unsqueeze(4),
        ["permute(): duplicate dims are not allowed."] = x => x.permute(0, 0),
        ["t() expects a tensor with <= 2 dimensions, but self is 3D"] = _ => ones(1, 2, 3).t(),
        ["unflatten: Provided sizes [3, 3] don't multiply up to the size of dim 1 (4) in the input tensor"] = x => x.unflatten(1, 3, 3),
        ["tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor."] = _ => ones(2).mT,
        ["maximum size for tensor at dimension 0 is 3 but size is 5"] = x => x.unfold(0, 5, 1),
        ["step is 0 but must be > 0"] = x => x.unfold(0, 2, 0),
        ["diagonal dimensions cannot be identical 0, 0"] = x => x.diagonal(0, 0, 0),
        ["movedim: Invalid source or destination dims: source ([0, 1] dims) should contain the same number of dims as destination ([0] dims)"] = x => x.movedim([0, 1], [0]),
        ["movedim: repeated dim in `source` ([0, 0])"] = x => x.movedim([0, 0], [0, 1]),
        ["setStorage: sizes [5, 5], strides [5, 1], storage offset 0, and itemsize 4 requiring a storage size of 100 are out of bounds for storage of size 48"] = x => x.as_strided([5, 5], [5, 1]),
        ["mismatch in length of strides and shape"] = x => x.as_strided([5], [5, 1]),
        ["split expects split_size be non-negative, but got split_size=-1"] = x => x.split(-1),
        ["split_size can only be 0 if dimension size is 0, but got dimension size of 3"] = x => x.split(0),
        ["split_with_sizes expects split_sizes to sum exactly to 3 (input tensor's size at dimension 0), but got split_sizes=[1, 1]"] = x => x.split([1L, 1]),
        ["chunk expects `chunks` to be greater than 0, got: 0"] = x => x.chunk(0),
        ["Dimension specified as 0 but tensor has no dimensions"] = x => x.sum().unbind(),
        ["number of sections must be larger than 0, got 0"] = x => x.tensor_split(0),
        ["torch.hsplit attempted to split along dimension 1, but the size of the dimension 4 is not divisible by the split_size 3!"] = x => x.hsplit(3),
        ["torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with 1 dimensions!"] = x => x[0].vsplit(1),
        ["start (1) + length (5) exceeds dimension size (3)."] = x => x.narrow(0, 1, 5),
        ["The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1"] = x => x.copy_(ones(3, 3)),
        ["output with shape [4] doesn't match the broadcast shape [1, 1, 4]"] = x => x[0].copy_(ones(1, 1, 4)),
        ["The expanded size of the tensor (2) must match the existing size (3) at non-singleton dimension 0.  Target sizes: [2, 4].  Tensor sizes: [3, 4]"] = x => x[TensorIndex.Slice(0, 2)] = ones(3, 4),
        ["narrow(): length must be non-negative."] = x => narrow(x, 0, 0, -1),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Errors_are_libtorchs(string message)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(12, float32).view(3, 4).clone();
        Assert.StartsWith(message, Assert.Throws<ExternalException>(() => Cases[message](x)).Message, StringComparison.Ordinal);
    }
}
