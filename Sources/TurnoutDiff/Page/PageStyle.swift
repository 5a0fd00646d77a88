/// The page's style sheet: system fonts, light and dark, colours that differ in lightness too.
enum PageStyle {
  /// What the page's policy lets apply: the sheet's hash, which `Tests/Page/run` checks.
  static let digest = "sha256-GLOo0k9LTaWrXrSw9Y3/uAcXgQuIwk2AQCzuEQMI66g="

  static let text = base + tables + pictures + heights

  /// Heights of the names beside a picture, in steps of 4 px.
  private static let heights = (11...48).map { ".h\($0){height:\($0 * 4)px}" }.joined()

  private static let base = """
    :root{color-scheme:light dark;--page:#fff;--ink:#18212d;--soft:#566272;--line:#dfe4ea;\
    --band:#f5f7f9;--move:#c04a00;--begin:#1667a6;--end:#9b2d78;--stay:#c9d0d9;--before:#aeb7c2;\
    --after:#33506f;--focus:#1667a6}
    @media(prefers-color-scheme:dark){:root{--page:#10151c;--ink:#e7ebf1;--soft:#a5afbd;\
    --line:#2a333f;--band:#171e27;--move:#f79a4b;--begin:#63b3f0;--end:#e58cc6;--stay:#3a4553;\
    --before:#5b6777;--after:#a9c3e0;--focus:#63b3f0}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0 auto;max-width:1120px;padding:40px 32px 80px;background:var(--page);\
    color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",\
    sans-serif;font-variant-numeric:tabular-nums lining-nums}
    bdi{overflow-wrap:anywhere}
    code{font:13px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;\
    overflow-wrap:anywhere}
    a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:3px}
    a:hover{text-decoration-color:currentColor}
    :focus-visible{outline:2px solid var(--focus);outline-offset:3px;border-radius:2px}
    .skip{position:absolute;left:-999px}
    .skip:focus{left:16px;top:8px;background:var(--page);padding:4px 8px}
    .eyebrow{margin:0;color:var(--soft);font-size:13px;letter-spacing:.04em}
    h1{margin:2px 0 12px;font-size:27px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
    .arrow{color:var(--soft);font-weight:400}
    h2{margin:56px 0 4px;font-size:19px;line-height:1.3;font-weight:650}
    h3{margin:0 0 2px;font-size:16px;line-height:1.4;font-weight:650}
    .note,.on{color:var(--soft);font-size:13px}
    .on{font-weight:400}
    .note{margin:0 0 14px;max-width:72ch}
    .tables{margin:0;display:flex;flex-wrap:wrap;gap:4px 28px;color:var(--soft);font-size:13px}
    .tables div{display:flex;gap:8px}
    .tables dt{font-weight:600}
    .tables dd{margin:0}
    .summary{margin-top:32px;padding-top:24px;border-top:2px solid var(--ink)}
    .lead{margin:0 0 24px;font-size:21px;line-height:1.35;max-width:60ch}
    .lead b,.move-line b{font-weight:650}
    b.move{color:var(--move)}
    b.begin{color:var(--begin)}
    .figures{margin:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:20px 32px}
    .figures dt{color:var(--soft);font-size:13px}
    .figures dd{margin:0;font-size:26px;line-height:1.25;font-weight:600}
    .figures dd.of{color:var(--soft);font-size:13px;font-weight:400;line-height:1.4}
    .tag{display:inline-block;padding:0 7px;border:1px solid var(--soft);border-radius:9px;\
    color:var(--soft);font-size:12px;line-height:17px;font-weight:500;white-space:nowrap}
    .tag.begin{color:var(--begin);border-color:var(--begin)}
    .tag.end{color:var(--end);border-color:var(--end)}
    .tag.mix{color:var(--move);border-color:var(--move)}
    details{margin:12px 0}
    summary{cursor:pointer;color:var(--soft);font-size:14px}
    summary:hover{color:var(--ink)}
    article{margin:36px 0 0;padding-top:20px;border-top:1px solid var(--line);\
    content-visibility:auto;contain-intrinsic-size:auto 420px}
    article p{margin:4px 0 10px}
    .tools{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 20px;margin-bottom:10px}
    .tools .note{margin:0 auto 0 0}
    .filter{color:var(--soft);font-size:13px}
    [hidden]{display:none!important}
    input{font:inherit;font-size:14px;color:inherit;background:var(--page);border:1px solid var(--soft);\
    border-radius:5px;padding:4px 8px;width:200px;margin-left:6px}
    output{color:var(--soft);font-size:13px;min-width:0}
    output:empty{display:none}
    .basis li{margin:6px 0;max-width:76ch}
    .basis ul{padding-left:20px;margin:8px 0}

    """

  private static let tables = """
    table{width:100%;border-collapse:collapse;font-size:14px;line-height:1.4}
    th{text-align:left;font-weight:550}
    thead th{color:var(--soft);font-size:12.5px;font-weight:500;padding:4px 12px 4px 0;\
    border-bottom:1px solid var(--line);vertical-align:bottom}
    td,tbody th{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
    tr>:last-child{padding-right:0}
    .n{text-align:right;white-space:nowrap}
    .n .on{display:block}
    thead .n{white-space:normal}
    .same{color:var(--soft)}
    .loads th:first-child{width:26%}
    .loads td.bars,.loads th.bars{width:42%}
    .loads .n{width:11%}
    .loads th .on{display:block}
    .loads i{font-style:normal}
    .loads svg,.index svg{display:block;margin-top:1px}
    .shard th{padding-left:18px;color:var(--soft);font-weight:400}
    .index{table-layout:fixed}
    .index th:first-child{width:34%}
    .index .bars{width:20%}
    .index td.bars svg{margin-top:7px}
    .index .n{width:11%}
    .index .n+td,.index .n+th:not(.n){padding-left:12px}
    .index td:last-child{color:var(--soft);font-size:13px;overflow-wrap:anywhere}
    .flows td:nth-child(1),.flows td:nth-child(2){width:44%}
    .flows+details{margin-top:4px}
    .flows .stay,.flows .stay b{color:var(--soft);font-weight:400}
    .flows b{font-weight:600}
    .key{display:inline-block;width:10px;height:10px;margin-right:7px;border-radius:2px;\
    background:var(--stay)}
    .key.before{background:var(--before)}
    .key.after{background:var(--after)}
    .bars .key.after{margin-left:10px}
    .move .key{background:var(--move)}
    .begin .key{background:var(--begin)}
    .end .key{background:var(--end)}
    .cell{display:inline-block;margin-right:14px;white-space:nowrap}
    .experiments th .on{display:block}
    .experiments tbody th .tag{margin-left:4px}
    rect.before{fill:var(--before)}
    rect.after{fill:var(--after)}
    rect.copies{opacity:.45}
    rect.move{fill:var(--move)}
    rect.begin{fill:var(--begin)}

    """

  private static let pictures = """
    figure{margin:14px 0 18px}
    .ends{display:grid;grid-template-columns:minmax(0,1fr) minmax(56px,1.3fr) minmax(0,1fr);column-gap:10px}
    .ends ol{list-style:none;margin:0;padding:0}
    .ends li{display:flex;align-items:center;gap:10px;line-height:1.3;font-size:14px}
    .ends li b{font-weight:600}
    .who{min-width:0;flex:1}
    .who b,.who .on{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    .share{white-space:nowrap}
    .ends ol:first-child{text-align:right}
    .to li{flex-direction:row-reverse}
    .flow path{fill:var(--stay);opacity:.62}
    .flow path.move{fill:var(--move);opacity:.85}
    .flow path.begin{fill:var(--begin);opacity:.85}
    .flow path.end{fill:var(--end);opacity:.85}
    .flow path:hover{opacity:1}
    .bar{fill:var(--ink)}
    @media(max-width:640px){
    body{padding:24px 16px 56px;font-size:14px}
    h1{font-size:22px}
    h2{margin-top:40px}
    .lead{font-size:18px}
    .figures{grid-template-columns:1fr 1fr;gap:16px 20px}
    .figures dd{font-size:21px}
    table{font-size:13px}
    .index .bars{display:none}
    .index th:first-child{width:42%}
    .index .n{width:18%}
    .loads td.bars,.loads th.bars{width:24%}
    .loads th.bars .key{margin-right:4px}
    .loads th.bars{white-space:nowrap}
    .bars .key.after{margin-left:0}
    .loads th.bars i{display:none}
    .loads .n{width:auto}
    td,tbody th,thead th{padding-right:8px}
    .flows .on{display:block}
    .ends{grid-template-columns:minmax(0,1fr) 48px minmax(0,1fr);column-gap:6px}
    .ends li,.to li{flex-direction:column;align-items:stretch;justify-content:center;gap:0;\
    font-size:12px;line-height:14.5px}
    .ends li .who{flex:none}
    .ends .on{font-size:11.5px}
    .experiments,.classes{display:block;overflow-x:auto}
    input{width:150px}
    }
    @media print{
    body{max-width:none;padding:0;font-size:10.5pt}
    .filter,.skip{display:none}
    article{content-visibility:visible;break-inside:avoid}
    h2,h3{break-after:avoid}
    tr{break-inside:avoid}
    details::details-content{content-visibility:visible;display:block}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    }

    """
}
