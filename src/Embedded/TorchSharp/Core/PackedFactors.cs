namespace TorchSharp.Core;

/// <summary>
/// The right factors of products in one buffer, packed for the kernels: a matrix that is met a second time while the
/// buffer's contents stay the same is packed, and kept until they change or the buffer goes. So inference packs a
/// layer's weight once, and training, which changes weights between uses, keeps nothing.
/// </summary>
internal sealed unsafe class PackedFactors
{
    /// <summary>Products of more rows pack faster than they multiply by far; they pack for themselves.</summary>
    const int MaxRows = 512;

    /// <summary>Up to so many rows, a factor that is stored by rows is read where it is as fast as packed.</summary>
    const int FewRows = 16;

    const int MaxForms = 4;

    readonly FactorForm[] forms = new FactorForm[MaxForms];
    readonly Kernels.PackedMatrix?[] matrices = new Kernels.PackedMatrix?[MaxForms];
    int count;
    int version;

    /// <summary>Bytes that packed factors may take in this process, beside the tensors themselves.</summary>
    public static long LimitBytes { get; set; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>Whether a product of <paramref name="rows"/> rows gains from a packed factor.</summary>
    public static bool Pays(long rows, FactorForm form) => rows <= MaxRows && (form.Transposed || rows > FewRows);

    /// <summary>The packed matrix, one user of it being the caller; null where it was not met before, or would take too much memory.</summary>
    public Kernels.PackedMatrix? Find(in FactorForm form, int currentVersion, float* data)
    {
        lock (this)
        {
            if (version != currentVersion)
            {
                Forget();
                version = currentVersion;
            }
            int i = forms.AsSpan(0, count).IndexOf(form);
            if (i < 0)
            {
                if (count < MaxForms) forms[count++] = form;
                return null;
            }
            if (matrices[i] is { } stale && stale.Level != Kernels.CpuPath.Level)
            {
                stale.Release();
                matrices[i] = null;
            }
            if (matrices[i] is null && Kernels.PackedMatrix.LiveBytes + Kernels.Gemm.PackedSize(form.N, form.K) * sizeof(float) <= LimitBytes)
                matrices[i] = new Kernels.PackedMatrix(data, (nint)form.Leading, form.Transposed, form.N, form.K);
            return matrices[i] is { } matrix && matrix.TryRetain() ? matrix : null;
        }
    }

    /// <summary>Lets all matrices go; those in use stay until their products are done.</summary>
    public void Clear()
    {
        lock (this) Forget();
    }

    void Forget()
    {
        for (int i = 0; i < count; i++) matrices[i]?.Release();
        Array.Clear(matrices);
        count = 0;
    }
}
