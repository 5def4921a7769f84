namespace DiffusionBatch.Evaluation.Reporting.Html;

/// <summary>The page's style: system fonts, light and dark, narrow and wide, screen and paper.</summary>
internal static class PageStyle
{
    public const string Css = """

        :root{--ink:#1b1f24;--soft:#57606a;--line:#d5dae0;--ground:#fff;--raised:#f6f8fa;--s0:#0b66b5;--s1:#c24e00;--s2:#00795a;--s3:#a8427f;--s4:#6a4fc2;--s5:#7a6200}
        @media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9da7b3;--line:#353c45;--ground:#12161b;--raised:#1a2027;--s0:#62b4f5;--s1:#ff9d5c;--s2:#46cfa5;--s3:#ec93c5;--s4:#b3a0ff;--s5:#dfc14e}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:84rem;padding:1rem clamp(1rem,3vw,2.5rem) 3rem;color:var(--ink);background:var(--ground);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        h1{font-size:1.6rem;margin:.5rem 0 .2rem;overflow-wrap:anywhere} h2{font-size:1.2rem;margin:2.2rem 0 .6rem} h3{font-size:1rem;margin:1.4rem 0 .4rem}
        .note{color:var(--soft);margin:.2rem 0 .6rem} nav{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem}
        a{color:var(--s0)} a:focus-visible,.scroll:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem}
        figure{margin:0;padding:.8rem;border:1px solid var(--line);border-radius:.5rem;break-inside:avoid}
        figcaption{font-weight:600;font-size:.9rem;margin-bottom:.3rem}
        svg.chart{display:block;width:100%;height:auto;font-size:12px;fill:var(--soft)}
        .grid{stroke:var(--line);stroke-width:1} .curve{fill:none;stroke-width:2;stroke-linejoin:round} .band{stroke:none;opacity:.16} .mark{stroke:var(--ground);stroke-width:1}
        .s0{--c:var(--s0)} .s1{--c:var(--s1)} .s2{--c:var(--s2)} .s3{--c:var(--s3)} .s4{--c:var(--s4)} .s5{--c:var(--s5)}
        .curve{stroke:var(--c)} .band,.mark{fill:var(--c)}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:.2rem 0 .8rem;padding:0;font-size:.9rem} .legend svg{width:28px;height:12px;vertical-align:middle;margin-right:.4rem}
        .scroll{overflow-x:auto} table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{padding:.35rem .7rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:baseline} th:first-child,td:first-child{text-align:left}
        thead th{background:var(--raised);font-size:.85rem;white-space:nowrap} td .range{display:block;color:var(--soft);font-size:.8rem;white-space:nowrap}
        article{border-top:1px solid var(--line);padding:.4rem 0 .8rem;break-inside:avoid} article h3{font-size:.85rem;color:var(--soft);font-weight:600;margin:.5rem 0 .3rem;overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.2rem 1rem;margin:0} dt{color:var(--soft);font-size:.85rem;padding-top:.1rem} dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
        .same{color:var(--s2);font-size:.8rem;margin-left:.5rem} .error{color:var(--s1)} .missing{color:var(--soft)} code{font-size:.85em;overflow-wrap:anywhere}
        @media (max-width:36rem){dl{grid-template-columns:1fr} dd{margin-bottom:.3rem} th,td{padding:.3rem .45rem}}
        @media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--raised:#f2f2f2;--s0:#0b66b5;--s1:#c24e00;--s2:#00795a;--s3:#a8427f;--s4:#6a4fc2;--s5:#7a6200} body{max-width:none;padding:0;font-size:10pt} nav{display:none} .charts{grid-template-columns:1fr 1fr} .scroll{overflow:visible}}

        """;
}
