using System.ComponentModel;
using System.Globalization;
using TorchSharp.Printing;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Shape, type and device.</summary>
        public override string ToString() => IsInvalid ? "" : $"[{string.Join('x', sizes)}], type = {type}, device = cpu";

        /// <summary>Shape, type and device, and with <paramref name="disamb"/> the elements in the default style.</summary>
        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(torch.TensorStringStyle, fltFormat, width, cultureInfo, newLine) : ToString();

        /// <summary>The elements in a style.</summary>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = torch.TensorStringStyle;
            using IDisposable mode = no_grad();
            using DisposeScope scope = NewDisposeScope();
            var printer = new TensorPrinter(fltFormat ?? floatFormat, width ?? lineWidth, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? torch.newLine);
            return style switch
            {
                TensorStringStyle.Metadata => ToString(),
                TensorStringStyle.Julia => printer.Julia(this, ToString()),
                TensorStringStyle.Numpy => printer.Numpy(this),
                TensorStringStyle.CSharp => printer.CSharp(this, ToString()),
                _ => throw new InvalidEnumArgumentException($"Unsupported tensor string style: {style}"),
            };
        }

        /// <summary>The elements as scalars in nested lists; a scalar for a tensor without dimensions.</summary>
        public object tolist()
        {
            if (Rank == 0) return ToScalar();
            var result = new System.Collections.ArrayList();
            using IDisposable mode = no_grad();
            foreach (Tensor part in unbind())
            {
                result.Add(part.tolist());
                part.Dispose();
            }

            return result;
        }
    }
}
