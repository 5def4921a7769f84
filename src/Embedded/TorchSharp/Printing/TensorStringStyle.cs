namespace TorchSharp;

/// <summary>How a tensor is written as text.</summary>
public enum TensorStringStyle
{
    /// <summary>Shape, type and device alone.</summary>
    Metadata = 0,

    /// <summary>The first line, then columns.</summary>
    Julia = 1,

    /// <summary>Nested brackets.</summary>
    Numpy = 2,

    /// <summary>An initialiser of C#.</summary>
    CSharp = 3,

    /// <summary>As torch.TensorStringStyle says.</summary>
    Default = 4,
}
