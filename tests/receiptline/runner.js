// Reads [[document, columns], …] as JSON and answers with the texts that the npm package makes.
const receiptline = require('receiptline');
let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', part => { input += part; });
process.stdin.on('end', () => {
    const texts = JSON.parse(input).map(([document, cpl]) =>
        receiptline.transform(document, { cpl, encoding: 'gb18030', command: 'text' }));
    process.stdout.write(JSON.stringify(texts));
});
