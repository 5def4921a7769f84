using DiffusionBatch.Cli.Corpus;

namespace DiffusionBatch.Cli.Tests.Corpus;

public sealed class XmlDocumentationTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Summaries_are_lines_with_names_for_references()
    {
        string path = _folder.Write("a.xml", """
            <?xml version="1.0"?>
            <doc><members>
            <member name="M:A"><summary>Gets the <see cref="P:System.String.Length" /> of
               <paramref name="value"/>, or <see langword="null"/>.</summary><returns>not this</returns></member>
            <member name="M:B"><summary>Joins: <see cref="M:System.String.Join(System.String,System.Object[])"/>, <see cref="T:System.Collections.Generic.List`1">lists</see>.</summary></member>
            <member name="M:C"><summary /></member><member name="M:D"><summary>  </summary></member>
            <member name="M:E"><remarks>nor this</remarks><summary><para>One &amp; two.</para> <para>Three.</para></summary></member>
            </members></doc>
            """);
        Assert.Equal(["Gets the Length of value, or null.", "Joins: Join, lists.", "One & two. Three."], XmlDocumentation.Summaries(path));
    }

    [Theory]
    [InlineData("<project><summary>not documentation</summary></project>")]
    [InlineData("")]
    [InlineData("no xml")]
    public void Other_files_have_none(string content) => Assert.Empty(XmlDocumentation.Summaries(_folder.Write("b.xml", content)));

    [Fact]
    public void A_broken_file_has_those_before_the_fault() =>
        Assert.Equal(["First one."],
            XmlDocumentation.Summaries(_folder.Write("c.xml", "<doc><summary>First one.</summary><summary>Second</wrong></doc>")));

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
