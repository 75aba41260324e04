namespace Cnn.Graph.Analysis.Drawing;

/// <summary>How the page of a network looks. It holds no &lt; and no &amp;, so that HTML and XML read it alike.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #ffffff; --text: #1d2433; --muted: #5b6577; --line: #d6dbe4; --edge: #7a8598;
          --panel: #f5f7fa; --block: #f3f5f9; --frame: #c3cad6;
          --convolution: #d8e7fb; --dense: #e6defa; --pooling: #fde5c8; --normalization: #e4e9ef;
          --activation: #dcf2dd; --join: #fbdde3; --other: #f1f1ea;
          --convolution-line: #4c84cf; --dense-line: #8562cf; --pooling-line: #d98a2b; --normalization-line: #8d99ab;
          --activation-line: #55a35b; --join-line: #cf5a73; --other-line: #a5a58e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171c; --text: #e6e9ef; --muted: #a0a9b8; --line: #333a46; --edge: #8490a3;
            --panel: #1c2027; --block: #1b1f26; --frame: #414957;
            --convolution: #1d3454; --dense: #33285a; --pooling: #4a3314; --normalization: #2b323c;
            --activation: #1f3d24; --join: #4a222c; --other: #33332b;
          }
        }
        body, svg { font-family: system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
        body { margin: 0; padding: 24px; background: var(--page); color: var(--text); font-size: 15px; line-height: 1.5; }
        h1 { margin: 0; font-size: 28px; }
        h2 { margin: 32px 0 8px; font-size: 19px; }
        .inputs { margin: 2px 0 0; color: var(--muted); }
        .figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 20px 0 0; }
        .figures div { padding: 10px 14px; border-radius: 8px; background: var(--panel); }
        dt { color: var(--muted); font-size: 13px; }
        dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
        dd.note { color: var(--muted); font-size: 12px; font-weight: 400; }
        .legend { margin: 0 0 10px; }
        .kind { display: inline-block; margin: 0 8px 4px 0; padding: 1px 10px; border: 1px solid; border-radius: 4px; font-size: 12px; }
        .graph, .table { overflow-x: auto; }
        svg { display: block; margin: 0 auto; }
        .block { fill: var(--block); stroke: var(--frame); }
        .block:hover { stroke: var(--text); }
        .heading { fill: var(--muted); font-size: 12px; font-weight: 600; paint-order: stroke; stroke: var(--block); stroke-width: 4px; }
        .edge { fill: none; stroke: var(--edge); stroke-width: 1.3; }
        .edge:hover { stroke: var(--text); stroke-width: 2.5; }
        marker path { fill: var(--edge); }
        .box { stroke-width: 1; }
        .output .box { stroke-width: 2.5; }
        .layer:hover .box { stroke: var(--text); stroke-width: 2; }
        .name { fill: var(--text); font-size: 11.5px; font-weight: 600; }
        .detail { fill: var(--muted); font-size: 10.5px; }
        .layer .box { fill: var(--fill); stroke: var(--stroke); }
        .kind { background: var(--fill); border-color: var(--stroke); }
        .convolution { --fill: var(--convolution); --stroke: var(--convolution-line); }
        .dense { --fill: var(--dense); --stroke: var(--dense-line); }
        .pooling { --fill: var(--pooling); --stroke: var(--pooling-line); }
        .normalization { --fill: var(--normalization); --stroke: var(--normalization-line); }
        .activation { --fill: var(--activation); --stroke: var(--activation-line); }
        .join { --fill: var(--join); --stroke: var(--join-line); }
        .other { --fill: var(--other); --stroke: var(--other-line); }
        .input { --fill: var(--page); --stroke: var(--text); }
        .input .box { stroke-width: 1.5; }
        table { border-collapse: collapse; font-size: 13px; }
        th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { position: sticky; top: 0; background: var(--panel); font-weight: 600; }
        .text { text-align: left; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        tbody td:first-child { border-left: 4px solid var(--stroke); }
        tbody tr:hover td { background: var(--panel); }
        tfoot td { font-weight: 600; }
        footer { margin-top: 24px; color: var(--muted); font-size: 13px; }
        """;
}
